"""The Jinja environment: strict, sandboxed, and escaping by the kind of file."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

from scaffold.blueprint import build
from scaffold.presets import load_presets
from scaffold.render import engine
from scaffold.render.engine import Engine, TemplateFailedError
from tests.support.rendering import preset, project

CONTEXT = {
    "project": {"name": 'a"b', "list": ["x", 1], "yes": "yes"},
    "text": "${x}",
    "html": "<b>|",
    "number": 3,
    "nothing": None,
    "half": 1.5,
    "flag": True,
}


def rendered(folder: Path, name: str, template: str) -> str:
    (folder / name).write_text(template)
    return Engine(folder).render(name, CONTEXT)


def failure(folder: Path, template: str, name: str = "main.tf.j2") -> str:
    with pytest.raises(TemplateFailedError) as error:
        rendered(folder, name, template)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "template", "text"),
    [
        ("main.tf.j2", 'x = "{{ text }}"\n', 'x = "$${x}"\n'),
        ("a.tftest.hcl.j2", '"{{ project.name }}"', '"a\\"b"'),
        ("main.tf.j2", "{{ project.name | hcl }}", '"a\\"b"'),
        ("main.tf.j2", "{{ project.list | hcl }} {{ flag }} {{ number }}", '["x", 1] true 3'),
        ("main.tf.j2", "{{ 'for' | hcl_key }} {{ 'a' | hcl_key }}", '"for" a'),
        ("a.yaml.j2", "{{ project.yes | yaml }} {{ text | yaml }}", '"yes" "${x}"'),
        ("a.json.j2", "{{ project.list | json }}", '["x", 1]'),
        ("README.md.j2", "{{ text }} {{ html }}", "${x} &#60;b&#62;&#124;"),
        ("Makefile.j2", "{{ number }} {{ flag }}", "3 true"),
        ("main.tf.j2", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(text) }}", "$${x}"),
        ("main.tf.j2", '{% set q %}"{{ text }}"{% endset %}{{ q }}', '"$${x}"'),
        ("main.tf.j2", "{{ project.list | join(', ') }}", "x, 1"),
    ],
)
def test_a_value_is_escaped_once_for_the_kind_of_file(tmp_path, name, template, text):
    assert rendered(tmp_path, name, template) == text


@pytest.mark.parametrize("template", ["{{ [text, 1] | join(', ') }}", "{{ text ~ 'y' }}", "{{ text | upper }}"])
def test_what_jinja_makes_of_values_is_escaped_too(tmp_path, template):
    assert "$${" in rendered(tmp_path, "main.tf.j2", template)


@pytest.mark.parametrize("name", ["Makefile.j2", "a.yml.j2", "a.py.j2", ".gitignore.j2"])
def test_other_files_take_only_what_needs_no_quoting(tmp_path, name):
    assert "cannot stand unquoted here" in failure(tmp_path, "{{ text }}", name)


@pytest.mark.parametrize(
    "template",
    [
        "{{ project.__class__ }}",
        "{{ project['__class__'] }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ project | attr('__class__') }}",
        "{{ [].__class__.__base__.__subclasses__() }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ '{0.__class__}'.format(project) }}",
        "{{ project.update({'name': 'x'}) }}",
        "{{ project.list.append(1) }}",
        "{{ project.items }}",
        "{{ range(10000000) | list | length }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{{ project }}",
        "{{ nothing }}",
        "{{ half }}",
    ],
)
@pytest.mark.parametrize("name", ["main.tf.j2", "README.md.j2", "Makefile.j2"])
def test_a_template_gets_at_nothing_but_plain_data(tmp_path, template, name):
    failure(tmp_path, template, name)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a\nb\n{{ project.naem }}\n", "main.tf.j2 line 3: "),
        ("a\n{% if project.naem %}{% endif %}\n", "main.tf.j2 line 2: "),
        ("a\n{% if %}\n", "main.tf.j2 line 2: "),
        ("{{ missing }}", "'missing' is undefined"),
        ("{{ number + text }}", "unsupported operand"),
        ("{{ number // 0 }}", "zero"),
        ("{{ text | nosuchfilter }}", "nosuchfilter"),
        ("{% include 'nowhere.j2' %}", "nowhere.j2"),
    ],
)
def test_a_broken_template_is_named_with_its_line_and_the_reason(tmp_path, template, said):
    assert said in failure(tmp_path, template)


def test_a_template_that_is_not_there_or_not_text_is_an_error_for_people(tmp_path):
    with pytest.raises(TemplateFailedError, match=r"nowhere\.tf\.j2"):
        Engine(tmp_path).render("nowhere.tf.j2", {})
    (tmp_path / "main.tf.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateFailedError, match=r"main\.tf\.j2"):
        Engine(tmp_path).render("main.tf.j2", {})


@pytest.mark.parametrize("name", [each.name for each in load_presets()])
def test_templates_are_given_plain_data_alone(name):
    blueprint = preset(name).blueprint
    for facts in (blueprint.project, *blueprint.environments, blueprint.modules):
        assert_plain(facts)


def assert_plain(value: object) -> None:
    if type(value) is dict:
        for key, inner in value.items():
            assert type(key) is str
            assert_plain(inner)
    elif type(value) is list:
        for inner in value:
            assert_plain(inner)
    else:
        assert type(value) in (str, int, bool, type(None)), value


def test_a_blueprint_is_the_same_each_time():
    assert build(project()) == build(project())


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of the templates that are compiled, with a cache that is empty at first."""
    names: list[str | None] = []
    real = Environment.compile

    def noting(environment: Environment, source: Any, name: str | None = None, *more: Any, **options: Any) -> Any:
        names.append(name)
        return real(environment, source, name, *more, **options)

    monkeypatch.setattr(Environment, "compile", noting)
    monkeypatch.setenv("SCAFFOLD_CACHE_DIR", str(tmp_path / "cache"))
    return names


def written(folder: Path, text: str) -> Engine:
    folder.mkdir(exist_ok=True)
    (folder / "a.tf.j2").write_text(text)
    return Engine(folder)


def test_a_template_is_compiled_once_for_all_processes_and_places(tmp_path: Path, compiled: list[str | None]) -> None:
    for place in ("here", "there"):
        assert written(tmp_path / place, 'a = "{{ x }}"').render("a.tf.j2", {"x": '"'}) == 'a = "\\""'
    assert compiled == ["a.tf.j2"]


def test_another_template_of_the_same_name_is_compiled_anew(tmp_path: Path, compiled: list[str | None]) -> None:
    assert written(tmp_path / "here", "{{ x }}").render("a.tf.j2", {"x": 1}) == "1"
    assert written(tmp_path / "there", "{{ x }}!").render("a.tf.j2", {"x": 1}) == "1!"
    assert compiled == ["a.tf.j2"] * 2


def test_a_template_is_compiled_anew_when_the_escapes_have_changed(
    tmp_path: Path, compiled: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "here", "{{ 'a' }}").render("a.tf.j2", {})
    changed = tmp_path / "escape.py"
    changed.write_text("# other escapes\n")
    monkeypatch.setattr(engine.escaping, "__file__", str(changed))
    written(tmp_path / "here", "{{ 'a' }}").render("a.tf.j2", {})
    assert compiled == ["a.tf.j2"] * 2


@pytest.mark.parametrize("damage", [b"", b"no bytecode at all", None])
def test_a_damaged_entry_is_compiled_anew(tmp_path: Path, compiled: list[str | None], damage: bytes | None) -> None:
    assert written(tmp_path / "here", "{{ x }}").render("a.tf.j2", {"x": 1}) == "1"
    (entry,) = (tmp_path / "cache" / "templates").iterdir()
    entry.write_bytes(entry.read_bytes()[:-9] if damage is None else damage)
    assert written(tmp_path / "here", "{{ x }}").render("a.tf.j2", {"x": 1}) == "1"
    assert compiled == ["a.tf.j2"] * 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, compiled: list[str | None]) -> None:
    (tmp_path / "cache").write_text("no folder")
    for _ in range(2):
        assert written(tmp_path / "here", "{{ x }}").render("a.tf.j2", {"x": 1}) == "1"
    assert compiled == ["a.tf.j2"] * 2


def test_a_dot_reads_a_key_before_a_dictionarys_own(tmp_path: Path) -> None:
    text = "{{ x.items }} {{ x.y }} {% for key in x.keys() | sort %}{{ key }}{% endfor %}"
    assert written(tmp_path / "here", text).render("a.tf.j2", {"x": {"items": 3, "y": 4}}) == "3 4 itemsy"
