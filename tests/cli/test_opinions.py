import pytest

from scaffold.cli import run
from scaffold.cli.exit_codes import Exit
from scaffold.opinions.engine import NOT_JUDGED, OPINIONS
from scaffold.opinions.opinion import Opinion
from tests.cli.commands import document

Capture = pytest.CaptureFixture[str]


def test_every_opinion_is_listed_with_whether_it_is_judged(capsys: Capture) -> None:
    listed = document(capsys, "opinions")["opinions"]
    assert {each["id"] for each in listed if each["judged"]} == {opinion.id for opinion in OPINIONS}
    assert {each["id"]: each["reason"] for each in listed if not each["judged"]} == NOT_JUDGED
    ids = [each["id"] for each in listed]
    assert ids == sorted(ids, key=lambda name: ("NECLDFS".index(name[0]), int(name[1:])))


def test_the_list_is_a_line_for_each(capsys: Capture) -> None:
    assert run(["opinions"]) == Exit.CLEAN
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(OPINIONS) + len(NOT_JUDGED)
    assert next(line for line in lines if line.startswith("L10 ")).split(None, 1)[1].startswith("not judged: ")


@pytest.mark.parametrize("opinion", OPINIONS, ids=lambda opinion: opinion.id)
def test_an_opinion_is_explained(capsys: Capture, opinion: Opinion) -> None:
    assert run(["opinions", opinion.id.lower()]) == Exit.CLEAN
    printed = capsys.readouterr().out
    for text in (opinion.title, opinion.why, opinion.mend, opinion.source):
        assert " ".join(text.split()) in " ".join(printed.split())


def test_an_explanation_has_what_breaks_and_what_keeps_it(capsys: Capture) -> None:
    found = document(capsys, "opinions", "E6")
    assert found["kind"] == "opinion"
    assert run(["opinions", "E6"]) == Exit.CLEAN
    printed = capsys.readouterr().out
    for label, files in (("Breaks it", found["bad"]), ("Keeps it", found["good"])):
        assert f"{label}: main.tf\n" in printed
        assert "".join(f"  {line}".rstrip() + "\n" for line in files["main.tf"].splitlines()) in "".join(
            f"{line.rstrip()}\n" for line in printed.splitlines()
        )


def test_an_opinion_there_is_not_is_an_error_that_names_the_nearest(capsys: Capture) -> None:
    assert document(capsys, "opinions", "N22", code=Exit.ERROR)["message"].startswith(
        "there is no opinion N22; did you"
    )


def test_an_opinion_that_is_not_judged_says_why(capsys: Capture) -> None:
    message = document(capsys, "opinions", "l10", code=Exit.ERROR)["message"]
    assert message.startswith("no repository can be judged by L10: ")
