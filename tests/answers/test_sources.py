"""Where answers come from, which of them wins, and what is said of one that cannot be read."""

import os

import pytest

from scaffold.answers.problems import AnswersError, Problem
from scaffold.answers.project import resolve
from scaffold.answers.sources import Source, from_environment, from_file, from_settings, from_text, merge
from scaffold.cli.inputs import collect
from tests.support.rendering import LEAST


def refused(read, *arguments) -> tuple[Problem, ...]:
    with pytest.raises(AnswersError) as error:
        read(*arguments)
    return error.value.problems


def test_the_stronger_source_wins_from_defaults_to_flags(tmp_path, monkeypatch):
    (tmp_path / "one.yaml").write_text("network: {log_retention_days: 30}\n")
    (tmp_path / "two.yaml").write_text("network: {log_retention_days: 60}\n")
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]

    def days(preset=None, files=(), settings=()):
        given = [f"{key}={value}" for key, value in LEAST.items()]
        project = collect(tmp_path / "target", preset, files, [*given, *settings]).project
        return project.environments[0].network.log_retention_days

    monkeypatch.delenv("SCAFFOLD_NETWORK__LOG_RETENTION_DAYS", raising=False)
    assert days() == 365
    assert days("network-only") == 365
    assert days("network-only", files[:1]) == 30
    assert days("network-only", files) == 60
    assert days("network-only", files[::-1]) == 30
    monkeypatch.setenv("SCAFFOLD_NETWORK__LOG_RETENTION_DAYS", "90")
    assert days("network-only", files) == 90
    assert days("network-only", files, ["network.log_retention_days=120"]) == 120
    assert days("network-only", files, ["network.log_retention_days=120", "network.log_retention_days=150"]) == 150


def test_mappings_merge_key_by_key_and_lists_replace():
    weak = Source({"network": {"nat": "none", "cidr": "10.1.0.0/16"}, "capacity": ["a", "b"]}, "weak")
    merged = merge([weak, Source({"network": {"nat": "single"}, "capacity": ["c"]}, "strong")])
    assert merged.data == {"network": {"nat": "single", "cidr": "10.1.0.0/16"}, "capacity": ["c"]}
    assert weak.data["network"]["nat"] == "none"


def test_places_name_the_line_the_flag_the_variable_or_the_default():
    merged = merge(
        [
            from_text("name: shop\nnetwork:\n  nat: none\n  cidr: 10.0.0.0/16\nazs:\n- a\n- b\n", "answers.yaml"),
            from_environment({"SCAFFOLD_OWNER": "x"}),
            from_settings(["network.nat=single"]),
        ]
    )
    assert merged.place("name") == "answers.yaml line 1"
    assert merged.place("network") == "--set"
    assert merged.place("network.cidr") == "answers.yaml line 4"
    assert merged.place("network.nat") == "--set network.nat"
    assert merged.place("azs") == "answers.yaml line 5"
    assert merged.place("azs.1") == "answers.yaml line 7"
    assert merged.place("owner") == "environment SCAFFOLD_OWNER"
    assert merged.place("network.endpoints") == "default"


def test_a_mapping_where_a_value_belongs_is_placed_where_it_was_written():
    merged = merge([from_text("\nazs:\n  a: 1\n", "answers.yaml")])
    assert merged.place("azs") == "answers.yaml line 2"


def test_a_stronger_common_answer_beats_what_weaker_sources_say_of_single_environments():
    weak = Source({"environments": {"dev": {"network": {"nat": "single", "cidr": "10.1.0.0/16"}}}}, "preset")
    merged = merge([weak, from_settings(["network.nat=none"])])
    assert merged.data["environments"] == {"dev": {"network": {"cidr": "10.1.0.0/16"}}}


def test_within_one_source_the_environment_beats_the_common_answer():
    one = Source({"azs": 3, "environments": {"dev": {"azs": 2}}}, "file")
    assert merge([one]).data["environments"] == {"dev": {"azs": 2}}


def test_an_empty_mapping_says_nothing_and_so_takes_nothing_away():
    weak = Source({"environments": {"dev": {"network": {"nat": "single"}}}}, "preset")
    merged = merge([weak, from_text("network: {}\n", "f")])
    assert merged.data["environments"] == {"dev": {"network": {"nat": "single"}}}


def test_an_environment_set_to_null_is_removed():
    weak = Source({**LEAST, "environments": {"dev": {}, "prod": {}, "test": {}}}, "preset")
    project = resolve(merge([weak, from_settings(["environments.dev=null"])]))
    assert [each.environment for each in project.environments] == ["prod", "test"]


def test_flags_are_paths_and_yaml():
    source = from_settings(["azs=[us-east-1a, us-east-1b]", "network.nat=none", "eks.kubernetes_version=1.30", "a=b=c"])
    assert source.data == {
        "azs": ["us-east-1a", "us-east-1b"],
        "network": {"nat": "none"},
        "eks": {"kubernetes_version": "1.30"},
        "a": "b=c",
    }


def test_variables_are_paths_with_two_underscores_and_the_tools_own_are_no_answers():
    source = from_environment(
        {"SCAFFOLD_NETWORK__NAT": "none", "SCAFFOLD_COST_CENTER": "0123", "SCAFFOLD_TF_MIRROR": "/x", "HOME": "/root"}
    )
    assert source.data == {"network": {"nat": "none"}, "cost_center": "0123"}


def test_all_bad_flags_are_named_at_once():
    flags = ["name", "=x", "a..b=1", "azs=[1", "é=1", "a\n=1", "x=!!python/none 1", "x=*y", f"{'a.' * 5000}a=1"]
    problems = refused(from_settings, flags)
    assert len(problems) == len(flags)
    assert {problem.rule for problem in problems} == {"syntax"}
    assert all(problem.mend and "\n" not in str(problem) and len(str(problem)) < 300 for problem in problems)


def test_a_bad_variable_is_named():
    (problem,) = refused(from_environment, {"SCAFFOLD_AZS": "[1"})
    assert (problem.source, problem.path) == ("environment SCAFFOLD_AZS", "azs")
    assert problem.mend == "Close the bracket, or quote text with [ or {."


def test_a_file_that_is_missing_or_no_file_or_too_large_is_said_so(tmp_path):
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(10_000_000)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("owner: café\n".encode("latin-1"))
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: 1\n b: 2\n")
    said = {
        tmp_path / "missing.yaml": "there is no such file",
        tmp_path: "is not a file",
        large: "10,000,000 bytes; answers are at most 1,000,000",
        latin: "is not UTF-8 text (byte 10)",
        broken: "not YAML: mapping values are not allowed",
    }
    for path, expected in said.items():
        (problem,) = refused(from_file, path)
        assert expected in problem.message
        assert problem.path == str(path)
        assert problem.source == (f"{broken} line 2" if path == broken else "")
        assert str(path) not in problem.message
        assert problem.mend


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (problem,) = refused(from_file, tmp_path / "pipe")
    assert (problem.message, problem.mend) == ("is a pipe.", "Write it to a file first.")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "answers.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: shop\r\nazs: 2\r\n")
    assert from_file(path).data == {"name": "shop", "azs": 2}
