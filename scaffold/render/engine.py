"""The Jinja environment: sandboxed, strict, and escaping every value for the kind of file it is printed in."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import (
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from scaffold.cache import cache_directory, keep, not_ours
from scaffold.errors import ScaffoldError
from scaffold.render import escape as escaping
from scaffold.render.escape import hcl_key, hcl_text, hcl_value, json_value, markdown_text, plain_text, yaml_value

ESCAPES: Mapping[str, Callable[[Any], str]] = {
    ".tf": hcl_text,
    ".hcl": hcl_text,
    ".md": markdown_text,
}
"""How a printed value is escaped, by the suffix of the file; any other file takes only values that need no quoting."""


FILTERS: Mapping[str, Callable[[Any], str]] = {
    "hcl": hcl_value,
    "hcl_key": hcl_key,
    "json": json_value,
    "yaml": yaml_value,
}
"""The filters that print a value in another way than its file's."""


class TemplateFailedError(ScaffoldError):
    """A template could not be rendered; the text names it, the line and the reason."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which a dot reads a key of plain data before anything that Python's dictionaries have."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what `obj.attribute` is in a template."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class _Compiled(FileSystemBytecodeCache):
    """Templates as Python's bytecode, in the user's cache: compiling them takes longer than rendering them.

    Jinja takes an entry only for the very same source and Python; a cache that cannot be used is done without.
    """

    def __init__(self) -> None:
        super().__init__(str(cache_directory() / "templates"))
        # What is constant in a template is escaped when it is compiled, so what escapes it counts as its source.
        sources = (Path(module).read_bytes() for module in (__file__, escaping.__file__))
        self._escapes = hashlib.sha256(b"".join(sources)).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of a template's entry, wherever the package is installed."""
        return super().get_cache_key(name)

    def get_source_checksum(self, source: str) -> str:
        """Return what an entry must be of."""
        return super().get_source_checksum(self._escapes + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Look for a template."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        with suppress(OSError):
            keep(Path(self._get_cache_filename(bucket)), bucket.bytecode_to_string())


class Engine:
    """Renders the templates of some folders, of which no two have a component in common.

    Every value goes through the escape of its file's kind and is then marked safe, so that the output of a macro or of
    a filter such as `hcl` is not escaped a second time.
    """

    def __init__(self, templates: tuple[Path, ...]) -> None:
        self._loader = FileSystemLoader(templates)
        # What others could have put there would be run.
        self._compiled = None if not_ours(cache_directory()) else _Compiled()
        self._environments: dict[str, _Sandbox] = {}
        self._templates: dict[str, Template] = {}

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Return the text of the template `name` (relative to its folder, ending in `.j2`) in a context of plain data.

        Raises:
            TemplateFailedError: the template is not there or not valid, or reads a fact that does not exist.
        """
        try:
            return self._template(name).render(context)
        except TemplateSyntaxError as error:
            raise TemplateFailedError(f"templates/{error.name} line {error.lineno}: {error.message}") from None
        except (TemplateError, ScaffoldError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise TemplateFailedError(f"templates/{name}{_line(error)}: {error}") from None

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            self._templates[name] = self._environment(name).get_template(name)
        return self._templates[name]

    def _environment(self, name: str) -> _Sandbox:
        suffix = PurePosixPath(name.removesuffix(".j2")).suffix
        kind = suffix if suffix in ESCAPES else ""
        if kind not in self._environments:
            self._environments[kind] = self._build(ESCAPES.get(kind, plain_text))
        return self._environments[kind]

    def _build(self, escape: Callable[[Any], str]) -> _Sandbox:
        def finalize(value: Any) -> Any:
            if isinstance(value, Markup | Undefined):
                return value
            return Markup(escape(value))  # noqa: S704  # escaped, for the file's kind

        environment = _Sandbox(
            loader=self._loader,
            bytecode_cache=self._compiled,
            auto_reload=False,
            autoescape=True,
            finalize=finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for filter_name, to_text in FILTERS.items():
            environment.filters[filter_name] = _marking(to_text)
        return environment


@cache
def engine_of(templates: tuple[Path, ...]) -> Engine:
    """Return the engine of folders of templates, the same for all renderings of a process: it compiles each once."""
    return Engine(templates)


def _marking(to_text: Callable[[Any], str]) -> Callable[[Any], Markup]:
    return lambda value: Markup(to_text(value))  # noqa: S704  # the filter is the escape


def _line(error: BaseException) -> str:
    # Jinja rewrites tracebacks so that frames of a template carry its file and line.
    line, frame = "", error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename.endswith(".j2"):
            line = f" line {frame.tb_lineno}"
        frame = frame.tb_next
    return line
