from collections.abc import Iterator

import pytest

from scaffold.errors import ScaffoldError
from scaffold.evaluate.root import Place
from scaffold.facts import Facts, facts_of
from scaffold.files import File
from scaffold.opinions import engine
from scaffold.opinions.engine import NOT_JUDGED, OPINIONS, OpinionResult, judge, skip_problems
from scaffold.opinions.opinion import Judgement, Opinion, Status
from scaffold.repository.model import Repository, Skip
from scaffold.repository.reading import repository_of
from tests.support.rendering import preset


def judging(*judgements: Judgement, skips: tuple[Skip, ...] = ()) -> tuple[Facts, Opinion]:
    def say(facts: Facts) -> Iterator[Judgement]:
        yield from judgements

    facts = facts_of(Repository((), (), (), (), skips))
    return facts, Opinion("N1", "title", "why", "mend", "https://example.com", say)


def at(line: int, status: Status = Status.BROKEN, file: str = "main.tf") -> Judgement:
    return Judgement(status, f"Line {line}.", Place(file, line))


def results(monkeypatch: pytest.MonkeyPatch, facts: Facts, opinion: Opinion) -> tuple[OpinionResult, ...]:
    monkeypatch.setattr(engine, "OPINIONS", (opinion,))
    return judge(facts)


def test_every_opinion_says_what_and_why_and_where_from() -> None:
    ids = [opinion.id for opinion in OPINIONS]
    families = {"N": 10, "E": 19, "C": 17, "L": 14, "D": 7, "F": 8, "S": 5}
    every = [f"{family}{number}" for family, last in families.items() for number in range(1, last + 1)]
    assert ids == [each for each in every if each in ids]
    assert {*every} - {*ids} == {*NOT_JUDGED}
    for opinion in OPINIONS:
        assert opinion.title
        assert opinion.why
        assert opinion.mend
        assert opinion.source.startswith("https://")


@pytest.mark.parametrize(
    "name",
    [
        "ecs-api",
        "ecs-spot",
        "eks-auto-dev",
        "eks-auto-prod",
        "event-functions",
        "lmi-private",
        "lmi-steady",
        "mcp-server",
        "network-only",
        "platform",
    ],
)
def test_no_preset_breaks_an_opinion(name: str) -> None:
    found = judge(facts_of(repository_of(preset(name).files)))
    assert [each for result in found for each in result.judgements if each.status is Status.BROKEN] == []


def test_an_empty_repository_has_no_judgements() -> None:
    assert {result.status for result in judge(facts_of(Repository((), (), (), ())))} == {None}


def test_only_the_opinions_named_are_asked() -> None:
    facts = facts_of(Repository((), (), (), ()))
    assert [result.opinion.id for result in judge(facts, [" e11", "N1"])] == ["N1", "E11"]


@pytest.mark.parametrize(("name", "near"), [("E111", "E11"), ("N77", "N7"), ("x" * 10_000, "N1"), ("", "N1")])
def test_an_opinion_that_is_none_is_refused_with_those_there_are(name: str, near: str) -> None:
    with pytest.raises(ScaffoldError, match=near):
        judge(facts_of(Repository((), (), (), ())), [name])


def test_what_two_root_modules_share_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = results(monkeypatch, *judging(at(1), at(2), at(1)))
    assert [each.place.line for each in found[0].judgements] == [1, 2]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ((Status.KEPT, Status.UNKNOWN, Status.BROKEN), Status.BROKEN),
        ((Status.KEPT, Status.UNKNOWN), Status.UNKNOWN),
        ((Status.SKIPPED, Status.KEPT), Status.KEPT),
        ((Status.SKIPPED,), Status.SKIPPED),
        ((), None),
    ],
)
def test_the_worst_judgement_is_the_opinions_status(given: tuple[Status, ...], status: Status | None) -> None:
    _, opinion = judging()
    assert OpinionResult(opinion, tuple(at(1, each) for each in given)).status is status


def test_a_skip_holds_for_its_lines_its_file_and_its_opinions(monkeypatch: pytest.MonkeyPatch) -> None:
    skip = Skip(("N1", "E5"), "one is enough", Place("main.tf", 2), 2, 5)
    other = Skip(("E1",), "another opinion", Place("main.tf", 9), 9, 9)
    given = (at(1), at(2), at(5, Status.UNKNOWN), at(4, Status.KEPT), at(6), at(3, file="other.tf"), at(9))
    facts, opinion = judging(*given, skips=(skip, other))
    (found,) = results(monkeypatch, facts, opinion)
    assert [each.status.value for each in found.judgements] == [
        *("broken", "skipped", "skipped", "kept", "broken", "broken", "broken")
    ]
    assert found.judgements[1].message == "Line 2. Skipped: one is enough"


def test_skips_of_nothing_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    used = Skip(("N1",), "used", Place("main.tf", 2), 2, 5)
    unused = Skip(("N1",), "unused", Place("main.tf", 7), 7, 8)
    misspelt = Skip(("N11", "ZZZZ"), "misspelt", Place("main.tf", 9), 9, 9)
    facts, opinion = judging(at(3), skips=(used, unused, misspelt))
    found = skip_problems(facts, results(monkeypatch, facts, opinion))
    assert [(each.rule, each.line, each.mend) for each in found] == [
        ("skip", 7, "Remove it."),
        ("skip", 9, "Write N1, or remove it."),
        ("skip", 9, "Name an opinion that diff reports, or remove it."),
    ]


def test_skips_of_opinions_that_were_not_asked_are_no_problem() -> None:
    skip = Skip(("E5",), "not asked", Place("main.tf", 1), 1, 2)
    facts = facts_of(Repository((), (), (), (), (skip,)))
    assert skip_problems(facts, judge(facts, ["N1"])) == ()


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_vpc" "a" {}\nresource "aws_vpc" "a" {}\n',
        'resource "aws_eks_cluster" "x" {\n  count = 1000000000\n  name = count.index\n}\n',
        'resource "aws_vpc" {}\nresource {}\nmodule {}\nresource "aws_eks_cluster" "a" "b" {}\n',
        "locals {\n  a = local.b\n  b = local.a\n}\n"
        'resource "aws_vpc" "x" {\n  cidr_block = local.a\n  for_each = local.b\n}\n',
        'resource "aws_eks_cluster" "x" {\n  vpc_config = [[[null]]]\n  version = {}\n  name = []\n}\n',
        'resource "aws_vpc" "x" {\n  tags = ' + "[" * 3000 + "]" * 3000 + "\n}\n",
    ],
)
def test_hostile_terraform_neither_crashes_nor_hangs(text: str) -> None:
    judge(facts_of(repository_of([File("main.tf", text)])))
