"""Data never becomes code: whatever could run, load or reach something stands here, with the reason it may."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CODE = sorted([*(ROOT / "scaffold").rglob("*.py"), *(ROOT / "action").rglob("*.py")])

BUILTINS = {"eval", "exec", "compile", "__import__", "breakpoint"}
MODULES = {
    # read objects, and with them code
    *("pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "copyreg"),
    # run code or programs
    *(
        "subprocess",
        "runpy",
        "code",
        "codeop",
        "ctypes",
        "cffi",
        "pty",
        "multiprocessing",
        "importlib",
        "imp",
        "zipimport",
    ),
    # reach the network
    *("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "telnetlib", "xmlrpc", "asyncio", "requests", "httpx"),
    *("aiohttp", "urllib3", "webbrowser", "socketserver", "boto3", "botocore"),
}
FUNCTIONS = {
    *("os.system", "os.popen", "os.startfile", "os.fork", "os.forkpty", "os.posix_spawn", "os.posix_spawnp"),
    *(
        f"os.{kind}{suffix}"
        for kind in ("exec", "spawn")
        for suffix in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")
    ),
    *("yaml.load", "yaml.load_all", "yaml.full_load", "yaml.full_load_all", "yaml.unsafe_load", "yaml.unsafe_load_all"),
    *("pkgutil.resolve_name", "sys.addaudithook", "builtins.eval", "builtins.exec"),
}
LOADERS = {"Loader", "FullLoader", "UnsafeLoader", "CLoader", "CFullLoader", "CUnsafeLoader"}
"""PyYAML's loaders that make more than plain data."""

ALLOWED = {
    ("scaffold/cli/__init__.py", "exec('')"): "a constant text: it makes a pending interrupt arrive",
    ("scaffold/verify/process.py", "import subprocess"): "the one place where programs are run",
    ("scaffold/verify/output.py", "import subprocess"): "talks with a program that process.py has started",
    (
        "scaffold/verify/guard.py",
        "os.posix_spawn",
    ): "a shell with a constant script, which ends what a killed run left",
    ("scaffold/compare/untracked.py", "import subprocess"): "git, by its absolute path, whose answer is bytes",
    ("action/run.py", "import subprocess"): "scaffold itself and GitHub's own program, on its runner",
    ("scaffold/diff_all.py", "import multiprocessing"): "this package in other processes, which get a path and answers",
    ("scaffold/verify/__init__.py", "import importlib"): "verifiers, by names that stand in the same file",
    ("scaffold/verify/__init__.py", "import_module({**FAST, **FULL}[name])"): "they are constants of the same file",
    ("scaffold/answers/eks.py", "import importlib.resources"): "reads the package's own data",
    ("scaffold/kubernetes/schema.py", "import importlib.resources"): "reads the package's own data",
    ("scaffold/verify/api_rules.py", "import importlib.resources"): "reads the package's own data",
    ("scaffold/verify/provider_data.py", "import importlib.resources"): "reads the package's own data",
    ("scaffold/report/sarif.py", "import urllib.parse"): "writes a path as a URI; reaches nothing",
}
"""Every use of such a thing, with why it may be there."""


LAST_NAMES = {name.rpartition(".")[2] for name in (*BUILTINS, *FUNCTIONS, *LOADERS)}
IMPORTERS = {"import_module", "import_string", "exec_module"}


def uses(source: str) -> Iterator[str]:
    """Yield what a module's source does of the above, as written there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node)
        elif isinstance(node, ast.Call):
            builtin = isinstance(node.func, ast.Name) and node.func.id in BUILTINS
            if builtin or _last(node.func) in IMPORTERS or any(word.arg == "shell" for word in node.keywords):
                yield ast.unparse(node)
        elif isinstance(node, ast.Attribute) and node.attr in LAST_NAMES:
            name = ast.unparse(node)
            if name in FUNCTIONS or node.attr in LOADERS:
                yield name
        elif isinstance(node, ast.Name) and node.id in {"__builtins__", "builtins", *LOADERS}:
            yield node.id


def _last(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    if isinstance(node, ast.ImportFrom):
        # `from os import system` is `os.system` by another name.
        for each in node.names:
            if f"{node.module}.{each.name}" in FUNCTIONS or each.name in LOADERS:
                yield f"{node.module}.{each.name}"
    yield from (f"import {name}" for name in names if name.partition(".")[0] in MODULES)


def test_whatever_could_run_load_or_reach_something_is_known_with_its_reason() -> None:
    found = {(path.relative_to(ROOT).as_posix(), use) for path in CODE for use in uses(path.read_text())}
    assert len(CODE) > 250
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "exec(text)",
        "__import__(name)",
        "import pickle",
        "from marshal import loads",
        "import os\nos.system('ls')",
        "from os import system",
        "import os\nrun = os.popen",
        "run(text, shell=True)",
        "import yaml\nyaml.load(text, yaml.Loader)",
        "import yaml\nyaml.unsafe_load(text)",
        "from yaml import UnsafeLoader as Safe\nSafe(text)",
        "from importlib import import_module",
        "import_module(name)",
        "import urllib.request",
        "from http import client",
        "def f():\n    import socket",
    ],
)
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert list(uses(source))


def test_yaml_is_read_by_its_safe_loader_alone() -> None:
    made = {name for path in CODE for name in re.findall(r"\byaml\.(\w*[lL]oad\w*)|\"(\w*Loader)\"", path.read_text())}
    assert {one or other for one, other in made} == {"safe_load", "SafeLoader", "CSafeLoader"}


def test_what_is_written_to_the_cache_as_code_is_made_from_the_packages_own_templates() -> None:
    # Jinja keeps templates as marshalled bytecode: the one place where a file that was written becomes code.
    named = [path for path in CODE if "BytecodeCache" in path.read_text()]
    assert [path.relative_to(ROOT).as_posix() for path in named] == ["scaffold/render/engine.py"]
