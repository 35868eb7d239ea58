"""The verifier of Kubernetes manifests, on a folder of real ones (`manifests/`) and on what goes wrong with them."""

import random
from pathlib import Path
from typing import NamedTuple

import pytest

from scaffold.files import File
from scaffold.kubernetes import schema
from scaffold.verify.kubernetes import verify
from scaffold.verify.verdict import Finding, Status, Tree

FOLDER = "k8s/dev"
MANIFESTS = {path.name: path.read_text() for path in sorted((Path(__file__).parent / "manifests").iterdir())}

GARBLE = [
    "",
    "x",
    " ",
    "\n",
    ": ",
    "- ",
    "[",
    "}",
    '"',
    "~",
    "5",
    "{}",
    "[]",
    "\t",
    "&a ",
    "*a",
    "!b ",
    "---\n",
    "\u00e9",
    "\x00",
]


def findings(manifests: dict[str, str], version: str = "1.35") -> tuple[Finding, ...]:
    files = tuple(File(f"{FOLDER}/{name}", text) for name, text in sorted(manifests.items()))
    return verify(Tree(files, {FOLDER: version})).findings


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert MANIFESTS[name].count(old) == 1, f"{old!r} is not once in {name}"
    return {**MANIFESTS, name: MANIFESTS[name].replace(old, new)}


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


class Break(NamedTuple):
    """One change to one manifest, and the single finding it leads to."""

    file: str
    old: str
    new: str
    rule: str
    at: str
    message: str
    mend: str | None = None


DEPLOYMENT, POOL, NODE_CLASS, SERVICE = (
    "deployment-web.yaml",
    "nodepool-graviton.yaml",
    "nodeclass-general.yaml",
    "service-web.yaml",
)
HPA, INGRESS, POLICY, PARAMS = (
    "horizontalpodautoscaler-web.yaml",
    "ingress-web.yaml",
    "networkpolicy-web.yaml",
    "ingressclassparams-alb.yaml",
)

SCHEMA_BREAKS = {
    "misspelt field": Break(
        DEPLOYMENT,
        "minDomains: 3",
        "minDomain: 3",
        "unknown-field",
        "minDomain: 3",
        "'minDomain'",
        "Did you mean minDomains?",
    ),
    "unclosed list": Break(
        DEPLOYMENT, "image: public", "command: [public", "yaml-syntax", "env:", "Not valid YAML", None
    ),
    "container without image": Break(
        DEPLOYMENT,
        "          image: public.ecr.aws/nginx/nginx-unprivileged:1.27\n",
        "",
        "missing-field",
        "- name: web",
        "has no image",
        "Add image",
    ),
    "unquoted environment value": Break(
        DEPLOYMENT, 'value: "true"', "value: true", "wrong-type", "value: true", "must be a string", 'Quote it: "true"'
    ),
    "yes is a boolean": Break(
        DEPLOYMENT, 'value: "true"', "value: yes", "wrong-type", "value: yes", "is true or false", 'Quote it: "yes"'
    ),
    "unquoted number in a ConfigMap": Break(
        "configmap-web.yaml", "info", "0123", "wrong-type", "0123", "is a number", 'Quote it: "0123"'
    ),
    "empty value in a ConfigMap": Break(
        "configmap-web.yaml", " info", "", "wrong-type", "LOG_LEVEL", "is empty", 'Write ""'
    ),
    "quoted number": Break(
        DEPLOYMENT, "maxSkew: 1", 'maxSkew: "1"', "wrong-type", "maxSkew", "is a string", "without quotes"
    ),
    "scalar in place of a list": Break(
        DEPLOYMENT, "drop: [ALL]", "drop: ALL", "wrong-type", "drop: ALL", "must be a list", None
    ),
    "unknown value": Break(
        DEPLOYMENT,
        "DoNotSchedule",
        "DoNotSchedul",
        "wrong-value",
        "DoNotSchedul",
        "must be one of",
        "Write DoNotSchedule",
    ),
    "number below its range": Break(
        DEPLOYMENT, "minDomains: 3", "minDomains: 0", "wrong-value", "minDomains: 0", "at least 1", None
    ),
    "port above its range": Break(
        DEPLOYMENT, "containerPort: 8080", "containerPort: 80800", "wrong-value", "80800", "at most 65535", None
    ),
    "quantity": Break(DEPLOYMENT, "cpu: 100m", "cpu: 100 m", "wrong-value", "100 m", "a quantity such as", None),
    "percentage": Break(
        DEPLOYMENT, "maxSurge: 25%", "maxSurge: 25p", "wrong-value", "25p", "a quoted percentage", None
    ),
    "label value": Break(DEPLOYMENT, "arch: arm64", "arch: arm/64", "wrong-value", "arm/64", "letters, digits", None),
    "label key": Break(
        "nodepool-graviton.yaml", "team: platform", "_team: platform", "wrong-value", "_team", "the key '_team'", None
    ),
    "upper case in a name": Break(
        "storageclass-gp3.yaml", "name: gp3", "name: GP3", "wrong-value", "name: GP3", "lower-case letters", None
    ),
    "volume without a source": Break(
        DEPLOYMENT,
        "- name: tmp\n          emptyDir: {}",
        "- name: tmp # alone\n          emptyDir:",
        "wrong-value",
        "# alone",
        "at least 2",
        "exactly one source",
    ),
    "two containers of one name": Break(
        DEPLOYMENT,
        "      volumes:",
        "        - name: web # again\n          image: public.ecr.aws/x/y:1\n      volumes:",
        "duplicate-item",
        "# again",
        "name web twice",
        None,
    ),
    "CIDR": Break(POLICY, "10.0.0.0/16", "10.0.0.0/33", "wrong-value", "/33", "a CIDR block", None),
    "unknown kind": Break(
        HPA,
        "autoscaling/v2",
        "autoscaling/v2beta2",
        "unknown-kind",
        "kind: Horizontal",
        "autoscaling/v2beta2",
        "apiVersion: autoscaling/v2,",
    ),
    "no consolidateAfter": Break(
        POOL,
        "    consolidateAfter: 1m\n",
        "",
        "missing-field",
        "disruption:",
        "no consolidateAfter",
        "Add consolidateAfter",
    ),
    "consolidation policy": Break(
        POOL,
        "WhenEmptyOrUnderutilized",
        "WhenUnderutilized",
        "wrong-value",
        "WhenUnder",
        "must be one of",
        "WhenEmptyOrUnder",
    ),
    "operator": Break(
        POOL, "operator: Gt", "operator: GreaterThan", "wrong-value", "GreaterThan", "must be one of", None
    ),
    "node class of the other Karpenter": Break(
        POOL, "eks.amazonaws.com\n", "karpenter.k8s.aws\n", "wrong-value", "group:", "eks.amazonaws.com", None
    ),
    "duration": Break(
        POOL, "expireAfter: 336h", "expireAfter: 14d", "wrong-value", "14d", "must be a duration", "336h"
    ),
    "unquoted budget": Break(
        POOL, 'nodes: "0"', "nodes: 0", "wrong-type", "nodes: 0", "must be a string", 'Quote it: "0"'
    ),
    "schedule without duration": Break(
        POOL, "        duration: 9h\n", "", "missing-field", "schedule:", "schedule but no duration", "Add duration"
    ),
    "pool weight": Break(
        POOL, "weight: 10", "weight: 101", "wrong-value", "weight: 101", "at most 100", "From 1 to 100"
    ),
    "no role": Break(
        NODE_CLASS,
        "  role: shop-dev-node\n",
        "",
        "exactly-one",
        "spec:",
        "none of role, instanceProfile",
        "Add role or",
    ),
    "role and instance profile": Break(
        NODE_CLASS,
        "  role:",
        "  instanceProfile: p\n  role:",
        "exactly-one",
        "instanceProfile: p",
        "exactly one",
        "Keep one",
    ),
    "role ARN": Break(
        NODE_CLASS, "shop-dev-node", "arn:aws:iam::123456789012:role/n", "wrong-value", "role:", "not its ARN", None
    ),
    "pod subnets without pod security groups": Break(
        NODE_CLASS,
        "  networkPolicy:",
        "  podSubnetSelectorTerms:\n    - id: subnet-0abc\n  networkPolicy:",
        "missing-field",
        "podSubnetSelectorTerms",
        "no podSecurityGroupSelectorTerms",
        None,
    ),
    "unquoted tag": Break(
        NODE_CLASS, 'internal-elb: "1"', "internal-elb: 1", "wrong-type", "internal-elb", "a string", 'Quote it: "1"'
    ),
    "network policy mode": Break(
        NODE_CLASS, "DefaultAllow", "AllowAll", "wrong-value", "AllowAll", "DefaultAllow, DefaultDeny", None
    ),
    "EC2NodeClass": Break(
        NODE_CLASS,
        "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass",
        "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass",
        "unknown-kind",
        "kind:",
        "EC2NodeClass",
        "apiVersion: eks.amazonaws.com/v1, kind: NodeClass",
    ),
    "parameters of the self-managed controller": Break(
        PARAMS,
        "targetType: ip",
        "certificateArn: []",
        "unknown-field",
        "certificateArn",
        "certificateArn",
        "certificateARNs",
    ),
    "scheme": Break(PARAMS, "internal", "public", "wrong-value", "public", "internal, internet-facing", None),
}

RELATION_BREAKS = {
    "selector and template": Break(
        DEPLOYMENT,
        "    matchLabels:\n      app.kubernetes.io/name: web\n  strategy:",
        "    matchLabels:\n      app.kubernetes.io/name: shop\n  strategy:",
        "selector",
        "selector:",
        "its own pod template",
    ),
    "service selector": Break(
        SERVICE, "kubernetes.io/name: web", "kubernetes.io/name: wbe", "selector", "selector:", "selects no pods"
    ),
    "service port": Break(
        SERVICE, "targetPort: http", "targetPort: htpt", "reference", "htpt", "a port named htpt", "Did you mean http?"
    ),
    "disruption budget selector": Break(
        "poddisruptionbudget-web.yaml", "io/name: web", "io/name: wbe", "selector", "selector:", "selects no pods"
    ),
    "network policy selector": Break(
        POLICY, "values: [web]", "values: [wbe]", "selector", "podSelector", "selects no pods"
    ),
    "autoscaler target": Break(
        HPA,
        "Deployment\n    name: web",
        "Deployment\n    name: wbe",
        "reference",
        "name: wbe",
        "no Deployment wbe",
        "web?",
    ),
    "ingress service": Break(
        INGRESS,
        "service:\n                name: web",
        "service:\n                name: wbe",
        "reference",
        "wbe",
        "no Service wbe",
    ),
    "ingress port": Break(INGRESS, "name: http", "name: https", "reference", "https", "has no port https", "http?"),
    "ingress class": Break(
        INGRESS, "ClassName: alb", "ClassName: abl", "reference", "abl", "no IngressClass abl", "alb?"
    ),
    "ingress class parameters": Break(
        "ingressclass-alb.yaml",
        "Params\n    name: alb",
        "Params\n    name: abl",
        "reference",
        "abl",
        "no IngressClassParams",
    ),
    "service account": Break(
        DEPLOYMENT, "AccountName: web", "AccountName: wbe", "reference", "wbe", "no ServiceAccount"
    ),
    "namespace": Break(
        "cronjob-report.yaml",
        "namespace: sample",
        "namespace: smaple",
        "reference",
        "smaple",
        "no Namespace",
        "sample?",
    ),
    "node class": Break(
        POOL, "name: general", "name: genral", "reference", "genral", "no NodeClass genral", "general?"
    ),
    "built-in node class redefined": Break(
        NODE_CLASS, "name: general", "name: default", "reserved-name", "default", "built-in NodeClass"
    ),
    "Karpenter's own label": Break(
        POOL,
        "eks.amazonaws.com/instance-category",
        "karpenter.k8s.aws/instance-category",
        "auto-mode-label",
        "karpenter.k8s.aws",
        "do not have the label",
        "Write eks.amazonaws.com/instance-category",
    ),
    "Karpenter's own label in a pod": Break(
        DEPLOYMENT,
        "kubernetes.io/arch: arm64",
        "karpenter.k8s.aws/instance-size: large",
        "auto-mode-label",
        "karpenter.k8s.aws",
        "do not have the label",
        "Write eks.amazonaws.com/instance-size",
    ),
    "misspelt node label": Break(
        POOL,
        "instance-generation",
        "instance-generaton",
        "auto-mode-label",
        "instance-generaton",
        "no node label",
        "instance-generation?",
    ),
    "operating system": Break(
        POOL, "key: kubernetes.io/arch", "key: kubernetes.io/os", "auto-mode-label", "kubernetes.io/os", "not support"
    ),
    "Gt without a number": Break(POOL, 'values: ["5"]', "values: [five]", "requirement", "[five]", "one whole number"),
    "In without values": Break(POOL, "values: [arm64]", "values: []", "requirement", "values: []", "needs values"),
    "unlisted file": Break(
        "kustomization.yaml",
        "  - service-web.yaml\n",
        "",
        "kustomization",
        "resources:",
        "not listed",
        "Add service-web.yaml",
    ),
    "listed file that is not there": Break(
        "kustomization.yaml",
        "- service-web",
        "- service-web.yaml\n  - service-wbe",
        "kustomization",
        "wbe",
        "no such file",
    ),
}


@pytest.mark.parametrize(
    "one", [*SCHEMA_BREAKS.values(), *RELATION_BREAKS.values()], ids=[*SCHEMA_BREAKS, *RELATION_BREAKS]
)
def test_one_mistake_is_one_finding_at_its_line(one: Break) -> None:
    manifests = changed(one.file, one.old, one.new)

    here = [finding for finding in findings(manifests) if finding.file == f"{FOLDER}/{one.file}"]

    assert [finding.rule for finding in here] == [one.rule], here
    assert one.message in here[0].message
    assert here[0].line == line_of(manifests[one.file], one.at), here[0]
    if one.mend is not None:
        assert one.mend in (here[0].mend or "")


def test_good_manifests_pass_in_every_version_from_1_34() -> None:
    for version in schema.versions()[1:]:
        assert findings(MANIFESTS, version) == ()


def test_same_zone_routing_needs_kubernetes_1_34() -> None:
    (finding,) = findings(MANIFESTS, "1.33")

    assert finding.rule == "wrong-value"
    assert "PreferSameZone" in finding.message
    assert finding.mend == "PreferSameZone and PreferSameNode need Kubernetes 1.34."


def test_a_field_of_a_later_version_is_unknown_in_an_earlier_one() -> None:
    newer = changed(
        "deployment-web.yaml",
        "    spec:\n      serviceAccountName",
        "    spec:\n      hostnameOverride: a\n      serviceAccountName",
    )

    assert findings(newer, "1.34") == ()
    assert [finding.rule for finding in findings(newer, "1.33") if "hostnameOverride" in finding.message] == [
        "unknown-field"
    ]


def test_every_finding_of_a_folder_is_reported_at_once() -> None:
    manifests = changed(DEPLOYMENT, "minDomains: 3", "minDomain: 3") | {
        POOL: MANIFESTS[POOL].replace("336h", "14d").replace("weight: 10", "weight: 0")
    }

    assert [finding.rule for finding in findings(manifests)] == ["unknown-field", "wrong-value", "wrong-value"]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\nb: [", "yaml-syntax", 3),
        ("a: 1\n\tb: 2", "yaml-syntax", 2),
        ("a: \x01", "yaml-syntax", 1),
        ("a: \ud800", "yaml-syntax", 1),
        ("? [a]\n: b", "yaml-syntax", 1),
        ("a: 1\na: 2", "duplicate-field", 2),
        ("a: !!python/object/apply:os.system [id]", "yaml-tag", 1),
        ("a: !custom b", "yaml-tag", 1),
        ("a: &x [1]\nb: *x", "yaml-alias", 2),
        ("a:\n  <<: {b: 1}", "yaml-alias", 2),
        ("[" * 5000, "too-large", 1),
        ("a: " + "b" * 1_100_000, "too-large", 1),
        ("kind: Service", "missing-field", 1),
        ("just text", "missing-field", 1),
        ("- a\n- b", "missing-field", 1),
        ("apiVersion: v1\nkind: 5", "missing-field", 1),
        ("apiVersion: v1\nkind: Service\nspec: []\nmetadata: 1", "wrong-type", 3),
        ("a: " + "9" * 5000, "missing-field", 1),
    ],
)
def test_a_hostile_file_is_a_finding_and_never_a_traceback(text: str, rule: str, line: int) -> None:
    manifests = {**MANIFESTS, "configmap-web.yaml": text}

    here = [finding for finding in findings(manifests) if finding.file == f"{FOLDER}/configmap-web.yaml"]

    assert (here[0].rule, here[0].line) == (rule, line)


def test_two_objects_of_one_name_are_refused_across_files() -> None:
    twice = {**MANIFESTS, "service-web2.yaml": MANIFESTS[SERVICE]}
    twice["kustomization.yaml"] += "  - service-web2.yaml\n"

    (finding,) = findings(twice)

    assert finding.rule == "duplicate-object"
    assert finding.file == f"{FOLDER}/service-web2.yaml"
    assert f"{FOLDER}/service-web.yaml line 4" in finding.message


def test_the_second_document_of_a_file_is_read_with_its_own_lines() -> None:
    text = MANIFESTS["configmap-web.yaml"] + "---\n" + MANIFESTS["configmap-web.yaml"].replace("data:", "dat:")

    assert ("unknown-field", line_of(text, "dat:")) in [
        (finding.rule, finding.line) for finding in findings({**MANIFESTS, "configmap-web.yaml": text})
    ]


def test_a_folder_without_a_kustomization_is_refused() -> None:
    manifests = {name: text for name, text in MANIFESTS.items() if name != "kustomization.yaml"}

    assert [finding.rule for finding in findings(manifests)] == ["kustomization"]


def test_a_folder_of_manifests_that_is_empty_is_refused() -> None:
    assert [finding.rule for finding in verify(Tree((), {FOLDER: "1.35"})).findings] == ["no-manifests"]


def test_a_tree_without_manifests_is_not_run() -> None:
    verdict = verify(Tree((File("main.tf", ""), File("docs/values.yaml", "a: 1\n"))))

    assert verdict.status is Status.NOT_RUN
    assert verdict.reason == "there are no Kubernetes manifests"


def test_a_version_without_schemas_is_not_run_and_says_which_there_are() -> None:
    verdict = verify(Tree((File(f"{FOLDER}/a.yaml", ""),), {FOLDER: "1.20"}))

    assert verdict.status is Status.NOT_RUN
    assert "1.20" in verdict.reason
    assert schema.versions()[-1] in verdict.reason


def test_foreign_manifests_are_found_and_judged_by_the_newest_version() -> None:
    files = tuple(File(f"deploy/{name}", text) for name, text in MANIFESTS.items())

    verdict = verify(Tree(files))

    assert verdict.status is Status.PASSED, verdict
    assert "16 objects against Kubernetes 1.37" in verdict.reason
    assert "does not say" in verdict.reason


def test_one_object_is_called_one() -> None:
    text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"

    verdict = verify(Tree((File(f"{FOLDER}/namespace.yaml", text),), {FOLDER: "1.35"}))

    assert verdict.reason.endswith("; 1 object against Kubernetes 1.35")


def test_each_folder_is_judged_by_its_own_version() -> None:
    files = tuple(File(f"k8s/{env}/{name}", text) for env in ("dev", "prod") for name, text in MANIFESTS.items())

    verdict = verify(Tree(files, {"k8s/dev": "1.33", "k8s/prod": "1.36"}))

    assert [finding.file for finding in verdict.findings] == ["k8s/dev/service-web.yaml"]


def test_no_garbled_manifest_is_a_traceback() -> None:
    chance = random.Random(7)
    for _ in range(300):
        name = chance.choice(list(MANIFESTS))
        text = MANIFESTS[name]
        for _ in range(chance.randrange(1, 4)):
            start = chance.randrange(len(text))
            text = text[:start] + chance.choice(GARBLE) + text[start + chance.randrange(0, 12) :]

        for finding in findings({**MANIFESTS, name: text}):
            assert finding.line is not None
            assert 1 <= finding.line <= text.count("\n") + 2 or finding.file != f"{FOLDER}/{name}"
