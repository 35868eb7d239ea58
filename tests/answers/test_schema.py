"""The JSON Schema that editors check answers files by."""

import copy
import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from scaffold.answers.model import OF_THE_ENVIRONMENT, Answers
from scaffold.answers.project import resolve
from scaffold.answers.schema import answer_entries, answers_schema
from scaffold.answers.sources import Source, from_text, merge
from scaffold.cli import run
from scaffold.presets import load_presets
from tests.support.rendering import LEAST, project

VALIDATOR = Draft202012Validator(answers_schema())


def errors(answers: object) -> list[str]:
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in VALIDATOR.iter_errors(answers)]


def test_the_schema_is_valid():
    Draft202012Validator.check_schema(answers_schema())


def test_the_command_prints_it(capsys):
    assert run(["answers", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == answers_schema()


@pytest.mark.parametrize("preset", load_presets(), ids=lambda preset: preset.name)
def test_every_presets_answers_are_valid_and_break_when_one_is_misspelt(preset):
    answers = dict(preset.source.data)
    assert errors(answers) == []
    broken = copy.deepcopy(answers)
    broken["naem"] = broken.pop("name")
    assert errors(broken)


def test_answers_with_everything_differing_in_an_environment_are_valid():
    everything = project("capacity=[eks-auto-mode, lambda-managed-instances]", "lmi.max_vcpu_count=64").environments[0]
    override = everything.model_dump(exclude={"name", "environment"})
    assert errors({"name": "shop", "environments": {"dev": override, "prod": {"production": False}}}) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"netwrk": {}},
        {"network": {"nta": "none"}},
        {"network": {"nat": "every-az"}},
        {"arch": "amd64"},
        {"capacity": ["app-runner"]},
        {"region": "us-east-9"},
        {"azs": 7},
        {"azs": ["us-east-1a"]},
        {"azs": "3"},
        {"lmi": {"max_vcpu_count": 1}},
        {"eks": {"kubernetes_version": "1.10"}},
        {"environments": {}},
        {"environments": {"Dev": {}}},
        {"environments": {"dev": {"netwrk": {}}}},
        {"environments": {"dev": {"name": "other"}}},
        {"environments": {"dev": {"arch": "amd64"}}},
        {"eks": {"kubernetes_version": 1.1}},
        {"eks": {"access_entries": [{}]}},
        {"environments": {"dev": {"eks": {"access_entries": [{"policy": "admin"}]}}}},
        {"owner": True},
        {"environments": {"dev": 3}},
        {"production": True},
        {"environment": "dev"},
        "shop",
        [],
    ],
)
def test_what_the_answers_refuse_an_editor_underlines(answers):
    assert errors(answers)


@pytest.mark.parametrize(
    "text",
    [
        "owner: 4711\ncost_center: 4711\n",
        "eks: {kubernetes_version: 1.35}\n",
        'eks: {kubernetes_version: "1.35"}\n',
        "environments: {dev: null, prod: {}}\n",
        "environments:\n",
        "environments: {prod: {cost_center: 12}}\n",
        "eks: {access_entries: [{principal_arn: 'arn:aws:iam::111122223333:role/admin', policy: admin}]}\n",
    ],
)
def test_what_the_answers_take_no_editor_underlines(text):
    assert resolve(merge([Source(LEAST, "test"), from_text(text, "a.yaml")]))
    assert errors(yaml.safe_load(text)) == []


def test_nothing_is_required_since_another_source_may_give_it():
    assert errors({}) == []


def test_every_answer_is_described_in_the_list_and_in_the_schema():
    entries = {entry.path: entry for entry in answer_entries()}
    assert {path.partition(".")[0] for path in entries} == {*Answers.model_fields, "environments"} - {
        *OF_THE_ENVIRONMENT
    }
    assert all(entry.about for entry in entries.values())
    assert entries["name"].default == "required"
    assert entries["network.nat"].default == "null"
    assert entries["azs"].default == "3"
