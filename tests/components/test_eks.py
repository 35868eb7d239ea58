"""What must hold of the EKS Auto Mode component: its answers, its facts, and the files it makes."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from ipaddress import IPv4Network
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from scaffold.answers.eks import CALENDAR, KUBERNETES_VERSIONS, EksAnswers
from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import Project, resolve
from scaffold.answers.sources import from_text, merge
from scaffold.blueprint.eks import (
    aws_provider_version,
    environment_facts,
    module_facts,
    service_cidr,
    traffic_distribution,
)
from scaffold.render import Rendering, render
from scaffold.verify import kubernetes
from scaffold.verify.verdict import Status, Tree
from tests.support.terraform_mirror import cli_configuration, provider_mirror, terraform_program

ADMIN = {"principal_arn": "arn:aws:iam::111122223333:role/platform", "policy": "admin"}
CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000"
PUBLIC_BLOCK = "203.0.113.0/24"
INSTANCE = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
GROUP = "0a1b2c3d-0000-4000-8000-000000000000"


def project(environments: Iterable[str] | Mapping[str, Any] = ("dev",), arch: str = "arm64", **answers: Any) -> Project:
    given = {
        "name": "shop",
        "region": "eu-central-1",
        "owner": "platform",
        "cost_center": "4711",
        "capacity": ["eks-auto-mode"],
        "arch": arch,
        "environments": environments if isinstance(environments, Mapping) else {name: {} for name in environments},
        **answers,
    }
    return resolve(merge([from_text(yaml.safe_dump(given), "answers.yaml")]))


def refused(*environments: str, **answers: Any) -> list[Problem]:
    with pytest.raises(AnswersError) as caught:
        project(environments or ("dev",), **answers)
    return list(caught.value.problems)


def warned(rule: str, *environments: str, **answers: Any) -> list[str]:
    found = project(environments or ("dev",), **answers).warnings
    return [problem.path.rpartition(".")[2] for problem in found if problem.rule == rule]


def facts(**answers: Any) -> Any:
    return environment_facts(project(**answers).environments[0])


def text_of(rendering: Rendering, path: str) -> str:
    return next(file.text for file in rendering.files if file.path == path)


def manifests(rendering: Rendering, environment: str = "dev") -> dict[str, Any]:
    """Return the objects of one environment by file name."""
    return {
        PurePosixPath(file.path).name: yaml.safe_load(file.text)
        for file in rendering.files
        if file.path.startswith(f"k8s/{environment}/")
    }


def changed_lines(one: Rendering, other: Rendering) -> set[str]:
    """Return the lines of code that are not in both."""

    def lines(rendering: Rendering) -> Counter[tuple[str, str]]:
        files = [file for file in rendering.files if file.path not in ("scaffold.yaml", "README.md")]
        return Counter((file.path, line) for file in files for line in file.text.splitlines())

    before, after = lines(one), lines(other)
    return {re.sub(" +", " ", line.strip()) for _, line in (before - after) + (after - before)}


class TestAnswers:
    def test_the_default_kubernetes_version_is_the_newest_but_one(self) -> None:
        assert EksAnswers().kubernetes_version == KUBERNETES_VERSIONS[-2]

    def test_the_calendar_is_in_order_and_in_standard_support_when_it_was_read(self) -> None:
        until = [entry["standard_support_until"] for entry in CALENDAR["versions"]]
        assert until == sorted(until)
        assert until[0] >= CALENDAR["read_on"]
        assert all(isinstance(day, date) for day in until)

    def test_the_schema_offers_the_versions_in_standard_support(self) -> None:
        field = EksAnswers.model_json_schema()["properties"]["kubernetes_version"]
        # Each as text, and as the number that it looks like.
        assert [version for version in field["enum"] if isinstance(version, str)] == list(KUBERNETES_VERSIONS)

    def test_a_version_out_of_support_is_refused_with_the_ones_to_use(self) -> None:
        (problem,) = refused(eks={"kubernetes_version": "1.29"})
        assert problem.rule == "E18"
        assert all(version in problem.message for version in KUBERNETES_VERSIONS)

    def test_a_misspelt_built_in_pool_is_an_error_with_its_nearest_neighbour(self) -> None:
        (problem,) = refused(eks={"builtin_node_pools": ["general-purposes"]})
        assert "general-purpose?" in problem.mend

    @pytest.mark.parametrize(
        ("key", "rule"),
        [
            ("ami", "E14"),
            ("ami_id", "E14"),
            ("cni", "E14"),
            ("gateway_api", "E12"),
            ("imds_hop_limit", "E14"),
            ("os", "E14"),
            ("ssh_key", "E14"),
            ("windows", "E14"),
        ],
    )
    def test_what_auto_mode_cannot_do_is_refused_with_the_alternative(self, key: str, rule: str) -> None:
        (problem,) = refused(eks={key: "x"})
        assert (problem.path, problem.rule) == (f"eks.{key}", rule)
        assert "known here" not in problem.mend.lower()

    @pytest.mark.parametrize("block", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"])
    def test_an_endpoint_open_to_the_world_is_refused_in_production_and_warned_about_elsewhere(
        self, block: str
    ) -> None:
        eks = {"public_access_cidrs": [block], "access_entries": [ADMIN]}
        assert [problem.rule for problem in refused("prod", eks=eks)] == ["E5"]
        assert warned("E5", "dev", eks=eks) == ["public_access_cidrs"]

    def test_a_private_block_cannot_reach_the_public_endpoint(self) -> None:
        (problem,) = refused(eks={"public_access_cidrs": ["10.1.0.0/16"]})
        assert problem.rule == "E5"

    def test_listed_blocks_are_taken_even_in_production(self) -> None:
        assert warned("E5", "prod", eks={"public_access_cidrs": [PUBLIC_BLOCK], "access_entries": [ADMIN]}) == []

    def test_a_cluster_that_nobody_administers_is_warned_about(self) -> None:
        edit = {**ADMIN, "policy": "edit"}
        scoped = {**ADMIN, "namespaces": ["sample"]}
        assert warned("E4", "prod") == ["access_entries"]
        assert warned("E4", "prod", eks={"access_entries": [edit]}) == ["access_entries"]
        assert warned("E4", "prod", eks={"access_entries": [scoped]}) == ["access_entries"]
        assert warned("E4", "prod", eks={"access_entries": [ADMIN]}) == []
        assert warned("E4", "dev") == []

    def test_a_principal_has_one_entry(self) -> None:
        (problem,) = refused(eks={"access_entries": [ADMIN, {**ADMIN, "policy": "view"}]})
        assert (problem.path, problem.rule) == ("eks.access_entries", "E4")

    @pytest.mark.parametrize(
        "arn",
        ["platform", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:group/x", 'arn:aws:iam::111122223333:role/"'],
    )
    def test_what_is_no_role_or_user_gets_no_entry(self, arn: str) -> None:
        assert refused(eks={"access_entries": [{**ADMIN, "principal_arn": arn}]})

    def test_amd64_pods_without_any_pool_for_them_are_refused(self) -> None:
        (problem,) = refused(arch="x86_64", eks={"builtin_node_pools": ["system"], "node_pools": ["graviton"]})
        assert problem.rule == "E19"

    def test_amd64_pods_with_spot_alone_are_warned_about(self) -> None:
        assert "builtin_node_pools" in warned("E10", arch="x86_64", eks={"builtin_node_pools": ["system"]})

    def test_arm64_pods_always_have_an_on_demand_pool(self) -> None:
        assert warned("E10", eks={"builtin_node_pools": [], "node_pools": ["spot"], "addons": []}) == []

    def test_add_ons_that_would_wait_for_nodes_are_warned_about(self) -> None:
        assert warned("E19", eks={"builtin_node_pools": []}) == ["addons"]
        assert warned("E19", eks={"builtin_node_pools": [], "addons": []}) == []

    def test_an_autoscaler_without_metrics_is_warned_about(self) -> None:
        assert warned("E8", eks={"addons": []}) == ["addons"]

    def test_built_in_pools_do_not_use_the_pods_own_block(self) -> None:
        network = {"pod_cidr": "100.64.0.0/16"}
        assert "pod_cidr" in warned("N5", network=network)
        assert "pod_cidr" not in warned("N5", network=network, eks={"builtin_node_pools": []})

    @pytest.mark.parametrize("block", ["10.0.128.0/20", "100.64.0.0/16", "172.20.0.0/28", "10.0.0.0/8", "8.8.8.0/24"])
    def test_a_service_block_that_eks_would_refuse_is_refused(self, block: str) -> None:
        problems = refused(network={"pod_cidr": "100.64.0.0/16"}, eks={"service_ipv4_cidr": block})
        assert {(problem.path, problem.rule) for problem in problems} == {("eks.service_ipv4_cidr", "N5")}

    def test_an_internet_facing_load_balancer_needs_public_subnets(self) -> None:
        network = {"nat": "regional", "public_subnets": False}
        (problem,) = refused(network=network, eks={"ingress": "internet-facing"})
        assert (problem.path, problem.rule) == ("eks.ingress", "E12")

    def test_plain_http_on_the_internet_is_warned_about(self) -> None:
        assert warned("E12", eks={"ingress": "internet-facing"}) == ["certificate_arn"]
        assert warned("E12", eks={"ingress": "internet-facing", "certificate_arn": CERTIFICATE}) == []

    def test_traffic_that_may_be_dropped_is_warned_about(self) -> None:
        assert warned("E13", eks={"internal_traffic_policy": "Local"}) == ["internal_traffic_policy"]

    def test_several_managed_logs_may_take_several_applies(self) -> None:
        assert warned("E9", eks={"managed_logs": ["compute"]}) == []
        assert warned("E9", eks={"managed_logs": ["compute", "ipam"]}) == ["managed_logs"]

    def test_production_without_the_log_of_its_nodes_is_warned_about(self) -> None:
        assert warned("E9", "prod", eks={"managed_logs": ["ipam"]}) == ["managed_logs"]
        assert warned("E9", "dev", eks={"managed_logs": []}) == []

    def test_argo_cd_needs_identity_center_and_says_which_answer_is_missing(self) -> None:
        (problem,) = refused(eks={"capabilities": ["argocd"]})
        assert (problem.path, problem.rule) == ("eks.argocd_idc_instance_arn", "E16")
        assert warned("E16", eks={"capabilities": ["ack", "kro"]}) == []

    def test_an_argo_cd_that_nobody_can_sign_in_to_is_warned_about(self) -> None:
        eks = {"capabilities": ["argocd"], "argocd_idc_instance_arn": INSTANCE}
        assert warned("E16", eks=eks) == ["argocd_admin_groups"]
        assert warned("E16", eks=eks | {"argocd_admin_groups": [GROUP]}) == []

    def test_a_group_is_named_by_its_id(self) -> None:
        (problem,) = refused(eks={"argocd_admin_groups": ["platform-team"]})
        assert problem.path == "eks.argocd_admin_groups.0"

    def test_extended_support_in_production_is_warned_about(self) -> None:
        assert warned("E15", "prod", eks={"upgrade_policy": "EXTENDED"}) == ["upgrade_policy"]
        assert warned("E15", "dev", eks={"upgrade_policy": "EXTENDED"}) == []

    @pytest.mark.parametrize("image", ["nginx", "nginx:latest", "public.ecr.aws/nginx/nginx", "localhost:5000/nginx"])
    def test_an_image_without_a_fixed_version_is_refused(self, image: str) -> None:
        (problem,) = refused(eks={"sample_image": image})
        assert problem.path == "eks.sample_image"

    def test_a_public_image_is_out_of_reach_without_nat(self) -> None:
        own = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/nginx:1.30"
        assert warned("N10", network={"nat": "none"}) == ["sample_image"]
        assert warned("N10", network={"nat": "none"}, eks={"sample_image": own}) == []

    def test_a_node_lives_no_longer_than_auto_mode_lets_it(self) -> None:
        assert facts(eks={"expire_after_hours": 504}).nodes.expire_after == "504h"
        (problem,) = refused(eks={"expire_after_hours": 505})
        assert problem.rule == "E10"


class TestFacts:
    def test_services_keep_out_of_the_networks_blocks(self) -> None:
        def chosen(**network: str) -> str:
            return str(service_cidr(project(network=network).environments[0]))

        assert chosen(cidr="10.0.0.0/16") == "172.20.0.0/16"
        assert chosen(cidr="172.20.0.0/20") == "10.100.0.0/16"
        assert chosen(cidr="10.100.0.0/16") == "172.20.0.0/16"

    def test_production_is_protected_and_its_creator_is_no_administrator(self) -> None:
        dev, prod = (environment_facts(answers) for answers in project(("dev", "prod")).environments)
        assert (dev.deletion_protection, dev.zonal_shift, dev.creator_admin) == (False, False, True)
        assert (prod.deletion_protection, prod.zonal_shift, prod.creator_admin) == (True, True, False)

    def test_deletion_protection_is_what_needs_a_newer_provider(self) -> None:
        def version(*environments: str) -> str:
            return aws_provider_version(
                module_facts([environment_facts(a) for a in project(environments).environments])
            )

        assert version("dev") == "6.0"
        assert version("dev", "prod") == "6.9"

    def test_capabilities_need_a_newer_provider_only_where_there_are_any(self) -> None:
        chosen = [facts(), facts(eks={"capabilities": ["kro"]})]
        assert [aws_provider_version(module_facts([each])) for each in chosen] == ["6.0", "6.25"]

    def test_people_sign_in_to_argo_cd_in_the_clusters_region_unless_told_otherwise(self) -> None:
        eks = {"capabilities": ["argocd"], "argocd_idc_instance_arn": INSTANCE}
        assert facts(eks=eks).argocd.idc_region == "eu-central-1"
        assert facts(eks=eks | {"argocd_idc_region": "us-east-1"}).argocd.idc_region == "us-east-1"

    def test_the_way_to_say_same_zone_depends_on_the_version(self) -> None:
        assert traffic_distribution("1.33", same_node=False) == "PreferClose"
        assert traffic_distribution("1.34", same_node=False) == "PreferSameZone"
        assert traffic_distribution("1.34", same_node=True) == "PreferSameNode"

    def test_pods_are_spread_over_no_zone_that_eks_refuses(self) -> None:
        assert facts(region="us-east-1", azs=6).sample.zones == 5
        assert facts(region="us-east-1", azs=5).sample.zones == 5
        assert facts(azs=2).sample.zones == 2
        assert facts(region="us-west-1", azs=2).sample.zones == 2

    def test_two_principals_of_one_name_are_told_apart(self) -> None:
        arns = ["arn:aws:iam::111122223333:role/a/ops", "arn:aws:iam::444455556666:role/ops"]
        entries = [{"principal_arn": arn, "policy": "view"} for arn in [*arns, ADMIN["principal_arn"]]]
        keys = [entry.key for entry in facts(eks={"access_entries": entries}).access_entries]
        assert keys == ["111122223333/role/a/ops", "444455556666/role/ops", "platform"]


class TestModule:
    def test_a_module_for_development_alone_knows_nothing_of_production(self) -> None:
        names = {
            file.path: file.text for file in render(project()).files if file.path.startswith("modules/eks-auto-mode/")
        }
        assert not [path for path, text in names.items() if re.search("deletion_protection|zonal_shift", text)]
        assert "modules/eks-auto-mode/access.tf" not in names
        assert "modules/eks-auto-mode/node_access.tf" not in names

    def test_the_three_parts_of_auto_mode_are_on_together(self) -> None:
        main = text_of(render(project()), "modules/eks-auto-mode/main.tf")
        for block in ("compute_config", "elastic_load_balancing", "block_storage"):
            assert re.search(rf"{block} {{\n\s+enabled\s+= true", main)
        assert re.search(r"bootstrap_self_managed_addons\s+= false", main)

    def test_without_built_in_pools_the_node_role_gets_its_entry_and_the_cluster_no_role(self) -> None:
        rendering = render(project(eks={"builtin_node_pools": [], "addons": []}))
        assert "AmazonEKSAutoNodePolicy" in text_of(rendering, "modules/eks-auto-mode/node_access.tf")
        assert "node_role_arn" not in text_of(rendering, "modules/eks-auto-mode/main.tf")

    def test_what_differs_between_environments_is_a_variable(self) -> None:
        rendering = render(project(environments={"dev": {"eks": {"addons": ["metrics-server"]}}, "qa": {}}))
        assert "contains(var.addons" in text_of(rendering, "modules/eks-auto-mode/addons.tf")
        assert 'addons             = ["metrics-server"]' in text_of(rendering, "environments/dev/main.tf")

    def test_a_log_group_kept_for_less_than_a_year_says_why_the_scanner_is_quiet(self) -> None:
        quiet = "checkov:skip=CKV_AWS_338"
        path = "modules/eks-auto-mode/logs.tf"
        assert quiet not in text_of(render(project()), path)
        assert quiet in text_of(render(project(eks={"log_retention_days": 30})), path)

    def test_managed_logs_are_added_one_after_another_whatever_the_order_of_the_answer(self) -> None:
        logs = ["ipam", "load-balancing", "compute", "block-storage"]
        text = text_of(render(project(eks={"managed_logs": logs})), "modules/eks-auto-mode/managed_logs.tf")
        sources = re.findall(r'"aws_cloudwatch_log_delivery_source" "(\w+)" {(.*?)\n}\n', text, re.DOTALL)
        before = [re.findall(r"depends_on = \[aws_cloudwatch_log_delivery\.(\w+)\]", body) for _, body in sources]
        keys = ["compute", "block_storage", "load_balancing", "ipam"]
        assert [key for key, _ in sources] == keys
        assert before == [[], *([key] for key in keys[:-1])]

    def test_the_delivery_service_may_write_to_the_group_before_anything_is_delivered_there(self) -> None:
        text = text_of(render(project()), "modules/eks-auto-mode/managed_logs.tf")
        assert "depends_on = [aws_cloudwatch_log_resource_policy.managed]" in text
        assert 'variable = "aws:SourceAccount"' in text
        assert 'variable = "aws:SourceArn"' in text
        assert "local.managed_log_group_name" in text_of(render(project()), "modules/eks-auto-mode/kms.tf")

    def test_what_is_not_asked_for_leaves_no_trace(self) -> None:
        rendering = render(project(eks={"managed_logs": []}))
        words = re.compile("log_delivery|managed_log|aws_eks_capability|argocd")
        assert [
            file.path for file in rendering.files if file.path.endswith((".tf", ".hcl")) and words.search(file.text)
        ] == []

    def test_the_role_of_a_capability_does_not_wait_for_the_cluster(self) -> None:
        text = text_of(render(project(eks={"capabilities": ["kro"]})), "modules/eks-auto-mode/capabilities.tf")
        role = text[: text.index('resource "aws_eks_capability"')]
        assert 'identifiers = ["capabilities.eks.amazonaws.com"]' in role
        assert "aws_eks_cluster" not in role

    def test_only_environments_with_argo_cd_say_how_people_sign_in(self) -> None:
        argocd = {"capabilities": ["argocd"], "argocd_idc_instance_arn": INSTANCE, "argocd_admin_groups": [GROUP]}
        rendering = render(project(environments={"dev": {}, "qa": {"eks": argocd}}))
        assert "argocd" not in text_of(rendering, "environments/dev/main.tf")
        assert f'idc_instance_arn = "{INSTANCE}"' in text_of(rendering, "environments/qa/main.tf")
        assert f'admin_groups     = ["{GROUP}"]' in text_of(rendering, "environments/qa/main.tf")

    @pytest.mark.parametrize(
        ("eks", "lines"),
        [
            ({"log_retention_days": 400}, {"log_retention_days = 365", "log_retention_days = 400"}),
            ({"creator_admin": False}, {"creator_admin = true", "creator_admin = false"}),
            ({"expire_after_hours": 168}, {"expireAfter: 336h", "expireAfter: 168h"}),
            (
                {"same_node_traffic": True},
                {"trafficDistribution: PreferSameZone", "trafficDistribution: PreferSameNode"},
            ),
        ],
    )
    def test_answers_that_differ_in_one_differ_in_its_lines(self, eks: Mapping[str, Any], lines: set[str]) -> None:
        assert changed_lines(render(project()), render(project(eks=eks))) == lines


class TestManifests:
    @pytest.mark.parametrize("arch", ["arm64", "x86_64"])
    @pytest.mark.parametrize("node_pools", [[], ["spot"], ["graviton"], ["spot", "graviton"]])
    @pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
    def test_every_choice_of_nodes_makes_valid_manifests(self, arch: str, node_pools: list[str], version: str) -> None:
        rendering = render(project(arch=arch, eks={"node_pools": node_pools, "kubernetes_version": version}))
        verdict = kubernetes.verify(Tree(rendering.files, rendering.kubernetes_versions))
        assert (verdict.status, verdict.findings) == (Status.PASSED, ())

    @pytest.mark.parametrize(
        "eks",
        [
            {"internal_traffic_policy": "Local"},
            {"ingress": "internet-facing"},
            {"ingress": "internet-facing", "certificate_arn": CERTIFICATE},
            {"builtin_node_pools": [], "addons": []},
        ],
    )
    def test_every_way_in_makes_valid_manifests(self, eks: Mapping[str, Any]) -> None:
        rendering = render(project(network={"pod_cidr": "100.64.0.0/16"}, eks=eks))
        verdict = kubernetes.verify(Tree(rendering.files, rendering.kubernetes_versions))
        assert (verdict.status, verdict.findings) == (Status.PASSED, ())

    @pytest.mark.parametrize("arch", ["arm64", "x86_64"])
    def test_files_are_named_after_their_object_and_the_kustomization_lists_them_all(self, arch: str) -> None:
        objects = manifests(render(project(arch=arch, eks={"node_pools": []})))
        listed = objects.pop("kustomization.yaml")["resources"]
        assert sorted(listed) == sorted(objects)
        assert {f"{each['kind'].lower()}-{each['metadata']['name']}.yaml" for each in objects.values()} == set(objects)

    @pytest.mark.parametrize("node_pools", [[], ["spot"], ["spot", "graviton"]])
    def test_an_arm64_cluster_always_has_a_graviton_pool_for_its_pods(self, node_pools: list[str]) -> None:
        objects = manifests(render(project(eks={"node_pools": node_pools})))
        assert "taints" not in objects["nodepool-graviton.yaml"]["spec"]["template"]["spec"]
        pods = objects["deployment-sample.yaml"]["spec"]["template"]["spec"]
        assert pods["nodeSelector"] == {"kubernetes.io/arch": "arm64"}

    def test_amd64_images_never_land_on_graviton(self) -> None:
        objects = manifests(render(project(arch="x86_64")))
        (taint,) = objects["nodepool-graviton.yaml"]["spec"]["template"]["spec"]["taints"]
        assert (taint["key"], taint["value"]) == ("kubernetes.io/arch", "arm64")
        pods = objects["deployment-sample.yaml"]["spec"]["template"]["spec"]
        assert pods["nodeSelector"] == {"kubernetes.io/arch": "amd64"}

    def test_the_node_class_names_the_role_that_terraform_makes(self) -> None:
        rendering = render(project())
        assert '"${var.name}-node"' in text_of(rendering, "modules/eks-auto-mode/iam_nodes.tf")
        assert '"${var.project}-${var.environment}"' in text_of(rendering, "environments/dev/main.tf")
        assert manifests(rendering)["nodeclass-private.yaml"]["spec"]["role"] == "shop-dev-node"

    def test_the_node_class_selects_by_tags_that_terraform_sets(self) -> None:
        rendering = render(project(network={"pod_cidr": "100.64.0.0/16"}))
        spec = manifests(rendering)["nodeclass-private.yaml"]["spec"]
        provider = text_of(rendering, "environments/dev/providers.tf")
        for terms, path in (("subnetSelectorTerms", "main.tf"), ("podSubnetSelectorTerms", "pods.tf")):
            (term,) = spec[terms]
            for tag in term["tags"]:
                set_by = text_of(rendering, f"modules/network/{path}") if "/" in tag else provider
                assert re.search(rf'"?{re.escape(tag)}"?\s+=', set_by), tag

    def test_pods_resolve_names_where_terraform_puts_the_clusters_dns(self) -> None:
        rendering = render(project(eks={"service_ipv4_cidr": "192.168.0.0/20"}))
        assert '"192.168.0.0/20"' in text_of(rendering, "environments/dev/main.tf")
        (rule,) = manifests(rendering)["networkpolicy-allow-dns.yaml"]["spec"]["egress"]
        assert rule["to"] == [{"ipBlock": {"cidr": "192.168.0.10/32"}}]

    @pytest.mark.parametrize(("ingress", "slot"), [("internal", "10.0.0.0/17"), ("internet-facing", "10.0.192.0/19")])
    def test_the_sample_lets_in_the_load_balancers_subnets_alone(self, ingress: str, slot: str) -> None:
        objects = manifests(render(project(eks={"ingress": ingress})))
        (rule,) = objects["networkpolicy-allow-sample.yaml"]["spec"]["ingress"]
        blocks = [IPv4Network(peer["ipBlock"]["cidr"]) for peer in rule["from"]]
        assert len(blocks) == 3
        assert all(block.subnet_of(IPv4Network(slot)) for block in blocks)
        assert objects["ingressclassparams-alb.yaml"]["spec"]["scheme"] == ingress

    def test_pods_are_spread_over_as_many_zones_as_there_are(self) -> None:
        objects = manifests(render(project(azs=2)))
        zone, _ = objects["deployment-sample.yaml"]["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert (zone["minDomains"], zone["whenUnsatisfiable"]) == (2, "DoNotSchedule")
        assert objects["horizontalpodautoscaler-sample.yaml"]["spec"]["minReplicas"] == 2

    def test_traffic_stays_near_by_a_field_and_never_by_the_old_annotation(self) -> None:
        assert not [file for file in render(project()).files if "topology-mode" in file.text]
        local = manifests(render(project(eks={"internal_traffic_policy": "Local"})))["service-sample.yaml"]["spec"]
        assert local["internalTrafficPolicy"] == "Local"
        assert "trafficDistribution" not in local

    def test_network_policies_are_enforced_and_not_just_accepted(self) -> None:
        data = manifests(render(project()))["configmap-amazon-vpc-cni.yaml"]["data"]
        assert data == {"enable-network-policy-controller": "true"}


@pytest.mark.parametrize(
    "answers",
    [
        {"eks": {"builtin_node_pools": [], "addons": []}},
        {
            "environments": {
                "dev": {
                    "eks": {
                        "builtin_node_pools": [],
                        "addons": ["metrics-server"],
                        "managed_logs": ["compute", "ipam"],
                        "zonal_shift": True,
                    }
                },
                "qa": {"eks": {"public_access_cidrs": [PUBLIC_BLOCK], "access_entries": [ADMIN]}},
            }
        },
    ],
    ids=["without-built-in-pools", "environments-that-differ"],
)
def test_the_module_passes_its_own_tests_on_the_oldest_provider(answers: Mapping[str, Any], tmp_path: Path) -> None:
    terraform = terraform_program()
    configuration = cli_configuration(provider_mirror(), tmp_path)
    module = tmp_path / "module"
    for file in render(project(**answers)).files:
        if file.path.startswith("modules/eks-auto-mode/"):
            path = module / file.path.removeprefix("modules/eks-auto-mode/")
            path.parent.mkdir(parents=True, exist_ok=True)
            # The repository asks for the newest feature of any module; this one is tried alone.
            path.write_text(re.sub(r'(hashicorp/aws"\n\s+version = )"[^"]*"', r'\1">= 5.100"', file.text))
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(configuration), "TF_IN_AUTOMATION": "1"}
    for command in (["init", "-backend=false"], ["test", "-no-color"]):
        done = subprocess.run(
            [str(terraform), *command, "-input=false"] if command[0] == "init" else [str(terraform), *command],
            cwd=module,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failed." in done.stdout


def test_public_subnets_too_small_for_a_load_balancer_are_refused():
    found = {
        problem.path: problem
        for problem in refused(network={"cidr": "10.0.0.0/22"}, eks={"ingress": "internet-facing"})
    }
    assert found["network.cidr"].rule == "E12"
    assert "/21" in found["network.cidr"].mend
