"""The good and the bad example of every opinion, which its page shows."""

import pytest

from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.hcl.format import canonical
from scaffold.kubernetes.documents import read
from scaffold.opinions.engine import OPINIONS, OpinionResult, judge
from scaffold.opinions.opinion import Opinion, Status
from scaffold.repository.reading import repository_of

EVERY = pytest.mark.parametrize("opinion", OPINIONS, ids=lambda opinion: opinion.id)


def results(example: dict[str, str]) -> dict[str, OpinionResult]:
    files = [File(path, text) for path, text in example.items()]
    return {result.opinion.id: result for result in judge(facts_of(repository_of(files)))}


def broken(example: dict[str, str]) -> set[str]:
    return {name for name, result in results(example).items() if result.status is Status.BROKEN}


@EVERY
def test_the_good_example_keeps_the_opinion(opinion: Opinion) -> None:
    found = results(dict(opinion.good))[opinion.id].judgements
    assert {each.status for each in found} == {Status.KEPT}


@EVERY
def test_the_bad_example_breaks_the_opinion_on_a_line_of_it(opinion: Opinion) -> None:
    found = [each for each in results(dict(opinion.bad))[opinion.id].judgements if each.status is Status.BROKEN]
    assert found
    for each in found:
        assert 1 <= each.place.line <= opinion.bad[each.place.file].count("\n")


@EVERY
def test_the_examples_differ_in_their_own_opinion_alone(opinion: Opinion) -> None:
    assert broken(dict(opinion.bad)) - broken(dict(opinion.good)) == {opinion.id}


@EVERY
def test_the_examples_are_formatted(opinion: Opinion) -> None:
    for path, text in (*opinion.good.items(), *opinion.bad.items()):
        if path.endswith(".tf"):
            assert canonical(text) == text
        elif path.endswith((".yaml", ".yml")):
            assert read(text)


def test_every_mend_is_a_sentence_that_says_what_to_do() -> None:
    mends = {opinion.id: opinion.mend for opinion in OPINIONS}
    assert {
        name: mend for name, mend in mends.items() if not (mend[:1].isupper() and mend.endswith((".", "html")))
    } == {}
