"""Text that would like to be code: refused where it is answered, or rendered as the text it is."""

import json

import hcl2
import pytest
import yaml

from scaffold.answers.eks import DEFAULT_KUBERNETES_VERSION
from scaffold.answers.problems import AnswersError
from scaffold.render import Rendering, render
from scaffold.verify import Level, verify
from scaffold.verify.verdict import Status
from tests.support.rendering import project, text_of, tree_of

HOSTILE = {
    "an interpolation": '${file("/etc/passwd")}',
    "a directive": "%{ for x in y }",
    "an expression of templates": "{{ 7*7 }}",
    "a statement of templates": "{% include '/etc/passwd' %}",
    "a quote": 'a"b',
    "an apostrophe": "a'b",
    "a backslash": "a\\b",
    "a newline": "a\nb",
    "a newline at the end": "a\n",
    "a carriage return": "a\rb",
    "a heredoc's end": "EOT\nEOT",
    "a comment": "a */ b # c",
    "a command": "$(id)`id`",
    "markup": "<script>[a](b)|c",
    "a control character": "a\x1b[31m",
    "a null": "a\0b",
    "text that runs backwards": "a\u202eb",
    "a character without width": "a\u200bb",
    "a separator of lines": "a\u2028b",
    "a letter that looks like another": "te\u0430m",
    "100 kB": "a" * 100_000,
    "a path that leads out": "../../etc/passwd",
}


ENTRY = {"principal_arn": "arn:aws:iam::123456789012:role/a", "policy": "admin"}

ANSWERS = {
    "name": lambda text: {"name": text},
    "region": lambda text: {"region": text},
    "owner": lambda text: {"owner": text},
    "cost_center": lambda text: {"cost_center": text},
    "azs.0": lambda text: {"azs": [text, "us-east-1b"]},
    "capacity.0": lambda text: {"capacity": [text]},
    "arch": lambda text: {"arch": text},
    "an environment's name": lambda text: {"environments": {text: {}}},
    "environments.dev.owner": lambda text: {"environments": {"dev": {"owner": text}}},
    "network.cidr": lambda text: {"network": {"cidr": text}},
    "network.pod_cidr": lambda text: {"network": {"pod_cidr": text}},
    "network.extra_endpoints.0": lambda text: {"network": {"extra_endpoints": [text]}},
    "state.bucket": lambda text: {"environments": {"dev": {}}, "state": {"bucket": text}},
    "state.key": lambda text: {"state": {"key": text}},
    "eks.kubernetes_version": lambda text: {"eks": {"kubernetes_version": text}},
    "eks.public_access_cidrs.0": lambda text: {"eks": {"public_access_cidrs": [text]}},
    "eks.access_entries.0.principal_arn": lambda text: {"eks": {"access_entries": [{**ENTRY, "principal_arn": text}]}},
    "an ARN's end": lambda text: {
        "eks": {"access_entries": [{**ENTRY, "principal_arn": ENTRY["principal_arn"] + text}]}
    },
    "eks.access_entries.0.namespaces.0": lambda text: {"eks": {"access_entries": [{**ENTRY, "namespaces": [text]}]}},
    "eks.service_ipv4_cidr": lambda text: {"eks": {"service_ipv4_cidr": text}},
    "eks.certificate_arn": lambda text: {"eks": {"certificate_arn": text}},
    "eks.sample_image": lambda text: {"eks": {"sample_image": text}},
    "an image's tag": lambda text: {"eks": {"sample_image": f"nginx:{text}"}},
    "lmi.runtime": lambda text: {"lmi": {"runtime": text}},
    "lmi.allowed_instance_types.0": lambda text: {"lmi": {"allowed_instance_types": [text]}},
    "lmi.alarm_topic_arns.0": lambda text: {"lmi": {"alarm_topic_arns": [text]}},
    "a topic's name": lambda text: {"lmi": {"alarm_topic_arns": [f"arn:aws:sns:us-east-1:123456789012:{text}"]}},
}

# A path is a path in a role's name and in a tag; its dots and slashes mean nothing there.
HARMLESS = {
    ("a path that leads out", place) for place in ("owner", "cost_center", "environments.dev.owner", "an ARN's end")
}


@pytest.mark.parametrize("place", ANSWERS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_answer_takes_text_that_would_like_to_be_code(kind, place):
    answers = ANSWERS[place](HOSTILE[kind])
    if (kind, place) in HARMLESS:
        assert project(answers=answers)
        return
    with pytest.raises(AnswersError) as error:
        project(answers=answers)
    for problem in error.value.problems:
        assert len(problem.message) < 300 or place == "an environment's name"
        assert problem.mend


VALID = {
    "name": "shop",
    "region": "us-east-1",
    "owner": "team",
    "cost_center": "4711",
    "azs.0": "us-east-1a",
    "capacity.0": "eks-auto-mode",
    "arch": "arm64",
    "an environment's name": "dev",
    "environments.dev.owner": "team",
    "network.cidr": "10.0.0.0/16",
    "network.extra_endpoints.0": "ssm",
    "state.bucket": "shop-state",
    "state.key": "shop.tfstate",
    "eks.kubernetes_version": DEFAULT_KUBERNETES_VERSION,
    "eks.public_access_cidrs.0": "203.0.113.0/24",
    "eks.access_entries.0.principal_arn": ENTRY["principal_arn"],
    "eks.access_entries.0.namespaces.0": "default",
    "eks.service_ipv4_cidr": "10.100.0.0/16",
    "eks.certificate_arn": f"arn:aws:acm:us-east-1:123456789012:certificate/{'0a' * 18}",
    "eks.sample_image": "nginx:1.30",
    "lmi.runtime": "python3.13",
    "lmi.allowed_instance_types.0": "m7g.large",
    "lmi.alarm_topic_arns.0": "arn:aws:sns:us-east-1:123456789012:alarms",
}


@pytest.mark.parametrize("place", VALID)
def test_what_is_right_is_wrong_with_anything_invisible_around_it(place):
    assert project(answers=ANSWERS[place](VALID[place]))
    for invisible in ("\n", "\r", " ", "\t", "\0", "\x85", "\u200b", "\u2028", "\u202e", "\ufeff"):
        for text in (VALID[place] + invisible, invisible + VALID[place]):
            with pytest.raises(AnswersError):
                project(answers=ANSWERS[place](text))


# What the answers let through and some reader could still take for something else.
TRICKY = ["true", "null", "0123", "1e3", "2026-01-01", "1.30", "a: b", "= x", "@here", "_a_", "a==b", "../../x", "-"]


def rendering(text: str) -> Rendering:
    answers = {"owner": text, "cost_center": text, "capacity": ["eks-auto-mode", "lambda-managed-instances"]}
    return render(project("lmi.max_vcpu_count=64", answers=answers))


def defaults(rendered: Rendering, environment: str) -> dict[str, str]:
    """Return the defaults of an environment's variables that are texts, as python-hcl2 reads them."""
    variables = hcl2.loads(text_of(rendered, f"environments/{environment}/variables.tf"))["variable"]
    named = {name.strip('"'): body.get("default") for each in variables for name, body in each.items()}
    return {name: json.loads(text) for name, text in named.items() if isinstance(text, str) and text[:1] == '"'}


@pytest.mark.parametrize("text", TRICKY)
def test_what_is_let_through_reads_back_as_the_text_it_is(text):
    rendered = rendering(text)
    for verdict in verify(tree_of(rendered), Level.FAST):
        assert verdict.status is not Status.FAILED, verdict.findings
    for environment in ("dev", "prod"):
        found = defaults(rendered, environment)
        assert (found["owner"], found["cost_center"]) == (text, text)
    again = yaml.safe_load(text_of(rendered, "scaffold.yaml"))
    assert (again["owner"], again["cost_center"]) == (text, text)
    for file in rendered.files:
        if file.path.endswith((".yaml", ".yml")):
            assert list(yaml.safe_load_all(file.text)), file.path


def test_a_hostile_text_that_came_past_the_answers_is_still_only_text():
    """The second line of defence: the escapes hold even where an answer's pattern would not."""
    hostile = '"${file("/etc/passwd")}%{if true}\\\n{{7*7}}EOT'
    sane = project("capacity=[eks-auto-mode, lambda-managed-instances]", "lmi.max_vcpu_count=64")
    environments = tuple(each.model_copy(update={"owner": hostile}) for each in sane.environments)
    rendered = render(type(sane)(environments, {**sane.given, "owner": hostile}))
    for verdict in verify(tree_of(rendered), Level.FAST):
        assert verdict.status is not Status.FAILED, verdict.findings
    escaped = '\\"$${file(\\"/etc/passwd\\")}%%{if true}\\\\\\n{{7*7}}EOT'
    assert f'default     = "{escaped}"' in text_of(rendered, "environments/dev/variables.tf")
    assert f'owner       = "{escaped}"' in text_of(rendered, "bootstrap/main.tf")
    assert yaml.safe_load(text_of(rendered, "scaffold.yaml"))["owner"] == hostile
