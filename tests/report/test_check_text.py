import io

from rich.console import Console

from scaffold.report.check_text import show_check
from tests.report.checks import broken_and_unknown, hostile_check


def test_what_is_unknown_skipped_known_and_fixed_comes_after_the_verdicts() -> None:
    stream = io.StringIO()
    show_check(Console(file=stream, width=200, soft_wrap=True), broken_and_unknown())
    assert [line.split(" ", 1)[0] for line in stream.getvalue().splitlines()[-4:]] == [
        "unknown",
        "skipped",
        "known",
        "fixed",
    ]
    assert "unknown E1   modules/network/nat.tf:7 Nobody can tell.\n" in stream.getvalue()
    assert "fixed   format old.tf not in the canonical format\n" in stream.getvalue()


def test_a_terminal_obeys_nothing_of_what_a_repository_holds() -> None:
    stream = io.StringIO()
    show_check(Console(file=stream, width=200, soft_wrap=True), hostile_check())
    assert not set("\x1b\x00\u202e\x0b") & set(stream.getvalue())
