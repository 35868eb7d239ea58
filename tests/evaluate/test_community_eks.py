"""What calls of terraform-aws-modules/eks and /lambda make, version by version."""

import pytest

from scaffold.evaluate.community import Call, Made, expand
from scaffold.evaluate.community.versions import majors
from scaffold.evaluate.root import Argument, Place, Root
from scaffold.evaluate.values import Symbol, Value, any_key
from scaffold.facts.cluster import Cluster, clusters_of
from scaffold.facts.functions import functions_of
from scaffold.facts.iam import role_of
from scaffold.facts.rights import rights_of
from scaffold.opinions.events import failures_of

CALL = Place("main.tf", 10)
EKS = "terraform-aws-modules/eks/aws"
LAMBDA = "terraform-aws-modules/lambda/aws"
AUTO: Value = {"enabled": True, "node_pools": ("general-purpose",)}


def call(version: str = "", source: str = EKS, /, **inputs: Value) -> Call:
    arguments = {
        name: Argument(value, Place("main.tf", 11 + line)) for line, (name, value) in enumerate(inputs.items())
    }
    return Call("module.eks", source, version, arguments, CALL)


def made(version: str = "", source: str = EKS, /, **inputs: Value) -> Made:
    found = expand(call(version, source, **inputs))
    assert found is not None
    return found


def cluster(version: str = "", source: str = EKS, /, **inputs: Value) -> Cluster:
    (found,) = clusters_of(Root(".", "", made(version, source, **inputs).instances, ()))
    return found


@pytest.mark.parametrize(
    ("version", "allowed"),
    [
        ("", (18, 19, 20, 21)),
        ("20.8.4", (20,)),
        ("~> 20.0", (20,)),
        ("~> 20.31.1", (20,)),
        ("~> 20", (20, 21)),
        (">= 19.5, < 21.0", (19, 20)),
        (">= 20.0, != 20.1.0", (20, 21)),
        ("> 19.0.0, <= 20.0.0", (19, 20)),
        ("< 19", (18,)),
        ("17.24.0", (18, 19, 20, 21)),
        ("latest", (18, 19, 20, 21)),
    ],
)
def test_a_version_constraint_leaves_the_majors_it_allows(version: str, allowed: tuple[int, ...]) -> None:
    assert majors(call(version), (18, 19, 20, 21)) == allowed


def test_a_git_source_has_the_version_of_its_ref() -> None:
    source = "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.8.4"
    assert majors(call("", source), (19, 20, 21)) == (20,)


def test_the_addresses_are_those_of_the_module() -> None:
    made_of_20 = made("~> 20.31", cluster_name="shop", cluster_compute_config=AUTO)
    assert {each.address for each in made_of_20.instances} == {
        "module.eks.aws_eks_cluster.this[0]",
        "module.eks.aws_cloudwatch_log_group.this[0]",
        "module.eks.module.kms.aws_kms_key.this[0]",
        "module.eks.aws_iam_role.this[0]",
        'module.eks.aws_iam_role_policy_attachment.this["AmazonEKSClusterPolicy"]',
        'module.eks.aws_iam_role_policy_attachment.this["AmazonEKSComputePolicy"]',
        'module.eks.aws_iam_role_policy_attachment.this["AmazonEKSBlockStoragePolicy"]',
        'module.eks.aws_iam_role_policy_attachment.this["AmazonEKSLoadBalancingPolicy"]',
        'module.eks.aws_iam_role_policy_attachment.this["AmazonEKSNetworkingPolicy"]',
        "module.eks.aws_iam_role.eks_auto[0]",
        'module.eks.aws_iam_role_policy_attachment.eks_auto["AmazonEKSWorkerNodeMinimalPolicy"]',
        'module.eks.aws_iam_role_policy_attachment.eks_auto["AmazonEC2ContainerRegistryPullOnly"]',
    }
    assert {each.origin for each in made_of_20.instances} == {EKS}


@pytest.mark.parametrize(
    ("version", "inputs"),
    [
        ("~> 20.31", {"cluster_name": "shop", "cluster_version": "1.33", "cluster_compute_config": AUTO}),
        ("~> 21.0", {"name": "shop", "kubernetes_version": "1.33", "compute_config": AUTO}),
    ],
)
def test_auto_mode_is_asked_for_under_the_name_of_each_version(version: str, inputs: dict[str, Value]) -> None:
    found = cluster(version, **inputs)
    assert found.auto_mode_flags == (True, True, True)
    assert found.cluster.get("bootstrap_self_managed_addons") is False
    assert found.node_pools == ("general-purpose",)
    assert found.version == "1.33"
    assert found.role is not None
    assert found.role.trusts("eks.amazonaws.com", "sts:TagSession")
    assert [role.instance.name for role in found.node_roles] == ["eks_auto"]
    assert [group.get("retention_in_days") for group in found.log_groups] == [90]
    assert found.cluster.place_of("compute_config", "node_pools") == Place("main.tf", 13)
    assert found.cluster.place_of("vpc_config", "endpoint_public_access") == CALL


def test_version_21_is_private_and_encrypts_by_default() -> None:
    found = cluster("~> 21.0", name="shop")
    assert (found.private_access, found.public_access, found.public_cidrs) == (True, False, ("0.0.0.0/0",))
    assert found.log_types == ("audit", "api", "authenticator")
    assert (found.authentication_mode, found.creator_admin) == ("API_AND_CONFIG_MAP", False)
    assert found.secrets_key is not None
    assert found.secrets_key.get("enable_key_rotation") is True
    assert found.auto_mode is False


def test_version_19_has_no_access_entries() -> None:
    found = cluster("~> 19.0", cluster_name="shop")
    assert (found.authentication_mode, found.creator_admin) == ("CONFIG_MAP", True)
    assert found.flag("bootstrap_self_managed_addons", default=True) is True


def test_what_differs_between_the_versions_it_may_be_is_not_known() -> None:
    found = cluster("", cluster_name="shop")
    assert isinstance(found.authentication_mode, Symbol)
    assert found.private_access is True


def test_nothing_unset_is_known_of_an_older_version() -> None:
    found = cluster("~> 18.0", cluster_name="shop")
    assert isinstance(found.public_access, Symbol)
    assert isinstance(found.authentication_mode, Symbol)
    assert not found.secrets_key or not found.secrets_key.certain


def test_an_input_says_which_version_it_is() -> None:
    assert cluster("", name="shop").authentication_mode == "API_AND_CONFIG_MAP"
    assert cluster("", cluster_name="shop", access_entries={}).authentication_mode == "API_AND_CONFIG_MAP"


def test_no_key_is_made_where_encryption_is_switched_off() -> None:
    assert cluster("~> 21.0", encryption_config=None, create_kms_key=False).key_arn is None
    assert cluster("~> 20.0", cluster_encryption_config={}, create_kms_key=False).key_arn is None


def test_a_key_of_ones_own_is_the_one_that_is_named() -> None:
    arn = Symbol("var.key_arn")
    config: Value = {"provider_key_arn": arn, "resources": ("secrets",)}
    assert cluster("~> 21.0", create_kms_key=False, encryption_config=config).key_arn == arn
    assert cluster("~> 19.0", create_kms_key=False, cluster_encryption_config=(config,)).key_arn == arn


def test_inputs_that_cannot_be_evaluated_make_nothing_certain() -> None:
    found = cluster("~> 21.0", create=Symbol("var.create"), compute_config=Symbol("var.compute"))
    assert not found.cluster.certain
    assert found.auto_mode is None
    assert all(not each.certain for each in made("~> 21.0", create=Symbol("var.create")).instances)


def test_auto_mode_in_a_map_that_may_hold_more_is_not_known() -> None:
    config: Value = {"node_pools": ("system",), any_key("var.compute"): Symbol("var.compute value")}
    assert cluster("~> 21.0", compute_config=config).auto_mode is None


def test_nothing_is_made_with_create_false() -> None:
    assert made("~> 21.0", create=False).instances == ()


def test_the_creator_gets_an_entry_and_so_does_everybody_named() -> None:
    entries: Value = {
        "team": {
            "principal_arn": "arn:aws:iam::111122223333:role/team",
            "policy_associations": {
                "view": {"policy_arn": "…/AmazonEKSViewPolicy", "access_scope": {"type": "cluster"}}
            },
        }
    }
    found = cluster("~> 20.0", enable_cluster_creator_admin_permissions=True, access_entries=entries)
    assert [entry.key for entry in found.access_entries] == ["cluster_creator", "team"]
    assert [policy.key for policy in found.access_policies] == ["cluster_creator_admin", "team_view"]
    assert found.access_policies[1].get("access_scope", "type") == "cluster"


def test_node_groups_addons_and_profiles_are_the_clusters() -> None:
    found = cluster(
        "~> 20.0",
        subnet_ids=("subnet-1",),
        cluster_addons={"coredns": {}, "vpc-cni": {"before_compute": True}},
        eks_managed_node_group_defaults={"ami_type": "AL2023_ARM_64_STANDARD"},
        eks_managed_node_groups={"a": {"instance_types": ("m7g.large",)}, "b": {"create_iam_role": False}},
        fargate_profiles={"kube-system": {}},
    )
    assert [each.address for each in found.node_groups] == [
        'module.eks.module.eks_managed_node_group["a"].aws_eks_node_group.this[0]',
        'module.eks.module.eks_managed_node_group["b"].aws_eks_node_group.this[0]',
    ]
    assert found.node_groups[0].get("ami_type") == "AL2023_ARM_64_STANDARD"
    assert found.node_groups[0].get("subnet_ids") == ("subnet-1",)
    assert [each.get("addon_name") for each in found.addons] == ["coredns", "vpc-cni"]
    assert len(found.fargate_profiles) == 1
    (role,) = found.node_roles
    assert [each.name for each in role.policies] == [
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEKS_CNI_Policy",
    ]
    assert role.trusts("ec2.amazonaws.com", "sts:AssumeRole")
    assert not role.trusts("ec2.amazonaws.com", "sts:TagSession")


@pytest.mark.parametrize(("wanted", "attached"), [(False, []), (Symbol("var.cni"), [False]), (True, [True])])
def test_the_policy_of_the_cni_is_attached_unless_told_otherwise(wanted: Value, attached: list[bool]) -> None:
    groups: Value = {"a": {"iam_role_attach_cni_policy": wanted}}
    instances = made("~> 21.0", eks_managed_node_groups=groups).instances
    assert [each.certain for each in instances if each.key == "AmazonEKS_CNI_Policy"] == attached


@pytest.mark.parametrize(
    ("version", "inputs", "expected"),
    [
        ("~> 21.0", {}, ("NONE", "OVERWRITE")),
        ("~> 20.0", {}, ("OVERWRITE", "OVERWRITE")),
        ("~> 20.0", {"bootstrap_self_managed_addons": False}, ("NONE", "OVERWRITE")),
    ],
)
def test_what_an_addon_does_about_conflicts_is_the_versions_default(
    version: str, inputs: dict[str, Value], expected: tuple[str, str]
) -> None:
    name = "addons" if version == "~> 21.0" else "cluster_addons"
    set_: Value = {"coredns": {}, "vpc-cni": {"resolve_conflicts_on_update": "PRESERVE"}}
    first, second = cluster(version, **{name: set_}, **inputs).addons
    assert tuple(first.get(f"resolve_conflicts_on_{when}") for when in ("create", "update")) == expected
    assert second.get("resolve_conflicts_on_update") == "PRESERVE"


def test_outputs_lead_back_to_what_was_made() -> None:
    outputs = made("~> 21.0", name="shop", compute_config=AUTO).outputs
    assert outputs["cluster_name"] == Symbol(
        "module.eks.aws_eks_cluster.this[0].name", "module.eks.aws_eks_cluster.this[0]", "name"
    )
    assert outputs["node_iam_role_arn"] == Symbol("module.eks.aws_iam_role.eks_auto[0].arn")
    assert outputs["kms_key_arn"] == Symbol("module.eks.module.kms.aws_kms_key.this[0].arn")


@pytest.mark.parametrize("hostile", [(), "x", 1, True, {"a": None}, ({"b": ()},), Symbol("var.x"), {Symbol("k"): 1}])
def test_inputs_of_any_shape_are_read(hostile: Value) -> None:
    names = ("compute_config", "encryption_config", "access_entries", "addons", "eks_managed_node_groups", "name")
    inputs: dict[str, Value] = dict.fromkeys(
        (*names, "fargate_profiles", "upgrade_policy", "iam_role_additional_policies", "subnet_ids"), hostile
    )
    assert cluster("~> 21.0", **inputs).address == "module.eks.aws_eks_cluster.this[0]"


def test_a_function_has_its_role_and_log_group() -> None:
    found = made(
        "~> 8.0",
        LAMBDA,
        function_name="worker",
        runtime="python3.13",
        architectures=("arm64",),
        memory_size=2048,
        publish=True,
        vpc_subnet_ids=("subnet-1",),
        vpc_security_group_ids=("sg-1",),
    )
    function, role, group = found.instances
    assert (function.get("runtime"), function.get("architectures"), function.get("timeout")) == (
        "python3.13",
        ("arm64",),
        3,
    )
    assert function.get("role") == Symbol("module.eks.aws_iam_role.lambda[0].arn")
    assert function.get("vpc_config", "subnet_ids") == ("subnet-1",)
    assert role.get("name") == "worker"
    assert group.get("name") == "/aws/lambda/worker"


def test_a_function_has_the_policies_that_its_inputs_attach_and_no_others() -> None:
    found = made(
        "~> 7.0",
        LAMBDA,
        function_name="worker",
        attach_policies=True,
        number_of_policies=1,
        policies=("arn:aws:iam::aws:policy/One", "arn:aws:iam::aws:policy/Two"),
        policy="arn:aws:iam::aws:policy/NotAttached",
        attach_policy_jsons=Symbol("var.attach"),
        number_of_policy_jsons=1,
        policy_jsons=('{"Statement": []}',),
        attach_policy_statements=True,
        policy_statements=({"actions": ("sqs:*",), "resources": ("*",)}, {"effect": "Deny", "actions": ("s3:*",)}),
    )
    root = Root(".", "", found.instances, ())
    attached = {each.address: each for each in root.of("aws_iam_role_policy_attachment")}
    assert {address.partition("attachment.")[2]: each.certain for address, each in attached.items()} == {
        "additional_many[0]": True,
        "additional_jsons[0]": False,
        "additional_inline[0]": True,
    }
    assert attached["module.eks.aws_iam_role_policy_attachment.additional_many[0]"].get("policy_arn") == (
        "arn:aws:iam::aws:policy/One"
    )
    role = role_of(root, Symbol("module.eks.aws_iam_role.lambda[0].arn", "module.eks.aws_iam_role.lambda[0]", "arn"))
    assert role is not None
    rights = rights_of(root, role)
    assert [(each.actions, each.resources) for each in rights.statements] == [(("sqs:*",), ("*",))]


def test_what_brings_a_function_work_is_made_of_its_inputs() -> None:
    found = made(
        "~> 7.0",
        LAMBDA,
        function_name="worker",
        dead_letter_target_arn="arn:aws:sqs:eu-central-1:1:failed",
        event_source_mapping={"orders": {"event_source_arn": "arn:aws:sqs:eu-central-1:1:orders", "batch_size": 5}},
        create_async_event_config=True,
        create_current_version_async_event_config=False,
        destination_on_failure="arn:aws:sqs:eu-central-1:1:lost",
    )
    root = Root(".", "", found.instances, ())
    (function,) = functions_of(root)
    (mapping,) = root.of("aws_lambda_event_source_mapping")
    assert function.called_by(mapping.get("function_name")) == "bare"
    assert (mapping.key, mapping.get("batch_size"), mapping.certain) == ("orders", 5, True)
    assert [each.key for each in root.of("aws_lambda_function_event_invoke_config")] == ["unqualified_alias"]
    assert list(failures_of(function)) == ["arn:aws:sqs:eu-central-1:1:failed", "arn:aws:sqs:eu-central-1:1:lost"]


def test_a_layer_is_no_function() -> None:
    assert made("", LAMBDA, create_layer=True).instances == ()


def test_a_function_may_have_a_role_of_its_own() -> None:
    found = made("", LAMBDA, function_name="worker", create_role=False, lambda_role="arn:aws:iam::1:role/own")
    assert found.instances[0].get("role") == "arn:aws:iam::1:role/own"
    assert [each.type for each in found.instances] == ["aws_lambda_function", "aws_cloudwatch_log_group"]
