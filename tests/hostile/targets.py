"""Everything that reads text from outside, each as a function of one text: it returns, or raises what is documented."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from scaffold.answers.project import resolve
from scaffold.answers.sources import from_settings, from_text, merge
from scaffold.cost.prices import load_prices
from scaffold.errors import ScaffoldError
from scaffold.facts import facts_of
from scaffold.files import File
from scaffold.hcl import parse
from scaffold.hcl.format import canonical
from scaffold.hcl.format_tokens import NotHclError
from scaffold.hcl.literals import unescape
from scaffold.hcl.syntax import Literal, syntax
from scaffold.kubernetes.documents import UnreadableError, read
from scaffold.opinions.engine import judge
from scaffold.render.components import discover
from scaffold.render.escape import UnsafeValueError, hcl_text
from scaffold.repository.reading import repository_of
from scaffold.verify import Level, verify
from scaffold.verify.baseline import baseline_text, read_baseline
from scaffold.verify.verdict import Tree
from scaffold.workspace.base import BASE_PATH, read_base, records
from scaffold.workspace.ignore import Section, ignoring_line, parse_ignore
from scaffold.workspace.manifest import MANIFEST_PATH, read_manifest
from scaffold.workspace.publish import recover

ENOUGH = "name: shop\nregion: us-east-1\nowner: a\ncost_center: b\ncapacity: []\n"


def answers(text: str) -> object:
    return resolve(merge([from_text(ENOUGH, "enough"), from_text(text, "fuzz")])).given


def setting(text: str) -> object:
    return resolve(merge([from_text(ENOUGH, "enough"), from_settings([text])])).given


def parser(text: str) -> object:
    document = parse(text)
    assert all(problem.message and problem.line >= 1 and problem.column >= 1 for problem in document.problems)
    return document, syntax(text)


def formatter(text: str) -> object:
    try:
        written = canonical(text)
    except NotHclError:
        return None
    assert canonical(written) == written
    return written


def escaper(text: str) -> object:
    try:
        written = hcl_text(text)
    except UnsafeValueError:
        return None
    assert syntax(f'"{written}"') == Literal(text)
    assert unescape(written) == text
    document = parse(f'x = "{written}"\n')
    assert not document.problems
    assert document.body.value("x") == text
    return written


def repository(text: str) -> object:
    """A module with a text in its only file: evaluated, judged, verified."""
    files = (File("main.tf", text), File("terraform.tfvars", text))
    facts = facts_of(repository_of(files))
    verdicts = [(each.status, each.findings) for each in verify(Tree(files, {}), Level.FAST)]
    return facts.repository.roots, judge(facts), verdicts


def manifests(text: str) -> object:
    """A YAML file of a repository: read by itself, verified, judged."""
    with suppress(UnreadableError):
        read(text)
    files = (File("k8s/dev/a.yaml", text), File("main.tf", ""))
    facts = facts_of(repository_of(files))
    verdicts = [(each.status, each.findings) for each in verify(Tree(files, {"k8s/dev": "1.34"}), Level.FAST)]
    return judge(facts), verdicts


def ignore(text: str) -> object:
    found = parse_ignore(text)
    paths = ("a", "a/b.tf", "docs/x/y/main.tf", "[a]", "*")
    return [found.ignored(path, section) for path in paths for section in Section], [
        ignoring_line(text, path) for path in paths
    ]


def _in_a_file(path: str, ask: Callable[[Path], object], others: Mapping[str, str] = {}) -> Callable[[str], object]:
    def target(text: str) -> object:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for each, content in {**others, path: text}.items():
                (folder / each).parent.mkdir(parents=True, exist_ok=True)
                (folder / each).write_bytes(content.encode("utf-8", "surrogatepass"))
            return ask(folder)

    return target


_RECORDS = {file.path: file.text for file in records((File("main.tf", "a = 1\n"),), "1.0")}

_FILES: Mapping[str, Callable[[str], object]] = {
    "manifest": _in_a_file(MANIFEST_PATH, read_manifest),
    "base": _in_a_file(BASE_PATH, read_base, {MANIFEST_PATH: _RECORDS[MANIFEST_PATH]}),
    "journal": _in_a_file(".scaffold/pending/journal.json", recover),
    "prices": _in_a_file("prices.yaml", lambda folder: load_prices(folder / "prices.yaml")),
    "baseline": _in_a_file("known.json", lambda folder: baseline_text(read_baseline(folder / "known.json").rest())),
    "component": _in_a_file("x/component.yaml", discover),
}

TARGETS: Mapping[str, Callable[[str], object]] = {
    "answers": answers,
    "setting": setting,
    "parser": parser,
    "formatter": formatter,
    "escaper": escaper,
    "repository": repository,
    "manifests": manifests,
    "ignore": ignore,
    **_FILES,
}


def outcome(target: str, text: str) -> object:
    """Return what a target makes of a text, or the type of the documented error that it raises."""
    try:
        return TARGETS[target](text)
    except ScaffoldError as error:
        return type(error)
