"""The Terraform verifier: `fmt -check`, and `init` and `validate` of every folder, by the user's Terraform or OpenTofu.

It works in a copy of the tree, in an environment without credentials, and never touches a backend. A folder whose
providers can't be had is not verified, and then the verdict is never "passed".
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from scaffold.cache import cache_directory, locked, prepare
from scaffold.files import File
from scaffold.scratch import Scratch
from scaffold.verify.process import Ended, ProgramError, environment, find_program, run, trusted_path
from scaffold.verify.results import remembered
from scaffold.verify.verdict import Finding, Tree, Verdict, judged, not_run

NAME = "terraform"
SECONDS = 300.0
"""How long one command may take; the first `init` downloads the AWS provider, some hundred megabytes."""

AT_ONCE = 2
"""How many folders are validated at the same time; the AWS provider takes 600 MB of memory for each."""

KEPT = ("TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "TF_REGISTRY_DISCOVERY_RETRY", "TF_REGISTRY_CLIENT_TIMEOUT")
"""The user's settings of where providers come from; no other of Terraform's is passed on (TF_CLI_ARGS, TF_VAR_x, …)."""

SETTINGS = {
    "TF_IN_AUTOMATION": "1",
    "CHECKPOINT_DISABLE": "1",
    # Without it Terraform takes from the plugin cache only what a lock file names, and downloads anew for each folder.
    "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
}

UNAVAILABLE = (
    "Failed to query available provider packages",
    "Failed to resolve provider packages",
    "Failed to install provider",
    "Failed to load plugin schemas",
    "Failed to download module",
    "Error accessing remote module registry",
    "Failed to retrieve available versions for module",
    "Unsupported Terraform Core version",
    "Unsupported OpenTofu Core version",
)
"""How the summaries of those diagnostics begin that are about this machine and its network, not about the tree."""

UNREACHABLE = re.compile(
    r"could not connect|dial tcp|no such host|Client\.Timeout|connection refused|TLS handshake|did not end within"
)
"""What is said when there is no network, or one that swallows everything; then the next folder need not try."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one folder.

    Attributes:
        folder: its path in the tree.
        findings: what is wrong in it, or in a module that it calls.
        unverified: why it could not be validated, if it could not: the command that failed, and the cause.
        warnings: what Terraform warns of.
        providers: the providers it was validated with, such as `hashicorp/aws 6.24.0`.
    """

    folder: str
    findings: tuple[Finding, ...] = ()
    unverified: str | None = None
    warnings: tuple[str, ...] = ()
    providers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terraform:
    """Terraform, or OpenTofu, at work in a tree.

    Attributes:
        program: its absolute path.
        root: the tree, or a copy of it for what writes.
        environment: what its processes get.
    """

    program: Path
    root: Path
    environment: Mapping[str, str]

    def run(self, folder: str, *arguments: str) -> Ended:
        """Run a command in a folder of the tree."""
        command: list[str | Path] = [self.program, *arguments]
        return run(command, cwd=self.root / folder, environment=self.environment, seconds=SECONDS)


def verify(tree: Tree, *, progress: Callable[[str], None] | None = None, target: Path | None = None) -> Verdict:
    """Return what Terraform, or else OpenTofu, says about the tree.

    Args:
        tree: the repository; every folder in it that has `.tf` files is validated.
        progress: told in one line that providers are being fetched, before the first time.
        target: the folder that the tree comes from or goes to; a `terraform` inside it is not run.
    """
    outside = [tree.directory, *([target] if target else [])]
    program = find_program("terraform", "tofu", outside=outside)
    if program is None:
        return not_run(NAME, "neither terraform nor tofu is on PATH")
    if not any(_is_configuration(file) for file in tree.files):
        return not_run(NAME, "no Terraform files")
    configuration = _configuration()
    plugin_cache = _plugin_cache(configuration)

    def ask() -> Verdict:
        if plugin_cache is not None:
            fresh = not plugin_cache.exists()
            prepare(plugin_cache)
            if fresh and progress is not None:
                progress("fetching the providers (several hundred MB, once)")
        with Scratch() as copy:
            root = copy / "tree"
            shutil.copytree(tree.directory, root, ignore=shutil.ignore_patterns(".terraform", ".git"))
            return _verdict(replace(terraform, root=root), version, tree.files, plugin_cache, progress)

    terraform = Terraform(program, tree.directory, _environment(plugin_cache, outside))
    try:
        version = _version(terraform)
        shows_lines = str(_has_diff(terraform))
        return remembered(tree, (NAME, version, configuration, shows_lines), ask, progress)
    except (OSError, ProgramError) as error:
        return not_run(NAME, str(error))


def folders_of(files: Iterable[File]) -> list[str]:
    """Return the folders that are to be validated, in path order.

    These are all that have Terraform files, except a module whose providers are passed in by its caller, which
    Terraform can't validate by itself; of folders side by side with the same content only the first.
    """
    contents: dict[PurePosixPath, list[File]] = {}
    for file in sorted(files, key=lambda file: file.path):
        if _is_configuration(file):
            contents.setdefault(PurePosixPath(file.path).parent, []).append(file)
    chosen: dict[object, PurePosixPath] = {}
    for folder, its_files in sorted(contents.items()):
        if not any("configuration_aliases" in file.text for file in its_files):
            content = (folder.parent, *((PurePosixPath(file.path).name, file.text) for file in its_files))
            chosen.setdefault(content, folder)
    return [str(folder) for folder in chosen.values()]


def _is_configuration(file: File) -> bool:
    return file.path.endswith((".tf", ".tf.json")) and ".terraform" not in file.path.split("/")


def _environment(plugin_cache: Path | None, outside: Sequence[Path]) -> dict[str, str]:
    settings = dict(SETTINGS) if plugin_cache is None else SETTINGS | {"TF_PLUGIN_CACHE_DIR": str(plugin_cache)}
    # It starts programs itself: `diff`, and `git` for modules.
    given = environment(*KEPT, **settings, PATH=trusted_path(*outside))
    if named := given.pop("TF_CLI_CONFIG_FILE", None):
        # It runs in other folders than we do, where a relative path would name a file that came with the tree. And it
        # warns of a file that isn't there, and so would every command here.
        path = Path(named).absolute()
        given |= {"TF_CLI_CONFIG_FILE": str(path)} if path.is_file() else {}
    return given


def _configuration() -> str:
    """Return the text of the user's settings for the program, or an empty one."""
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    own = [os.path.expanduser(f"~/{name}") for name in (".terraformrc", ".tofurc")]  # noqa: PTH111 (no home: as it is)
    candidates = [Path(name) for name in ([named] if named else []) + own]
    return next((path.read_text(errors="replace") for path in candidates if path.is_file()), "")


def _plugin_cache(configuration: str) -> Path | None:
    """Return our own folder for the providers, or nothing when the user has named one."""
    if "TF_PLUGIN_CACHE_DIR" in os.environ or "plugin_cache_dir" in configuration:
        return None
    # Another configuration may fetch from a mirror whose packages are other ones.
    digest = hashlib.sha256(configuration.encode()).hexdigest()[:12]
    return cache_directory() / f"terraform-providers-{digest}"


def _has_diff(terraform: Terraform) -> bool:
    """Return whether terraform finds what it runs to tell the lines that differ; without, it still names the files."""
    return shutil.which("diff", path=terraform.environment["PATH"]) is not None


def _verdict(
    terraform: Terraform,
    version: str,
    files: Sequence[File],
    plugin_cache: Path | None,
    progress: Callable[[str], None] | None,
) -> Verdict:
    diff = ["-diff"] if _has_diff(terraform) else []
    formatted = terraform.run(".", "fmt", "-check", "-recursive", "-no-color", *diff)
    if formatted.code not in (0, 3):
        return _unreadable(formatted)
    unformatted = list(_unformatted(formatted.stdout))
    outcomes = _outcomes(terraform, folders_of(files), plugin_cache, progress)
    findings = sorted(
        {*unformatted, *(finding for outcome in outcomes for finding in outcome.findings)},
        key=lambda finding: (finding.file or "", finding.line or 0, finding.message),
    )
    reason = f"{version}: {_summary(outcomes, formatted=not unformatted)}"
    unverified = any(outcome.unverified for outcome in outcomes)
    if not findings and unverified:
        return not_run(NAME, reason)
    return replace(judged(NAME, findings, reason), complete=not unverified)


def _unformatted(stdout: str) -> Iterator[Finding]:
    """Yield a finding for each file that `fmt -check` names, with its first differing line when there is a diff."""
    mend = "Run terraform fmt -recursive."
    files = re.findall(r"(?m)^(?![-+@ ])(.+\S)$", stdout)
    for file in files:
        header = f"--- old/{file}\n+++ new/{file}\n"
        hunk = re.match(r"@@ -(\d+).*\n((?: .*\n)*)", stdout.partition(header)[2])
        line = int(hunk[1]) + hunk[2].count("\n") if hunk else None
        yield Finding(NAME, "The file is not in the format that terraform fmt writes.", file, line, mend)


def _unreadable(formatted: Ended) -> Verdict:
    """Return the verdict on a tree that `fmt` could not read: its syntax errors, or that it gave up."""
    errors = re.findall(r"(?m)^Error: (.+)\n\n  on (.+) line (\d+).*\n(?:.+\n)*\n((?:.+\n)*)", formatted.stderr)
    findings = [Finding(NAME, _sentence(summary, detail), file, int(line)) for summary, file, line, detail in errors]
    if findings:
        return judged(NAME, findings, "fmt -check could not read every file; nothing was validated")
    return not_run(NAME, f"fmt -check failed: {_last_words(formatted)}")


def _outcomes(
    terraform: Terraform,
    folders: Sequence[str],
    plugin_cache: Path | None,
    progress: Callable[[str], None] | None,
) -> list[Outcome]:
    """Initialise the folders one after the other, and meanwhile validate those that are."""
    pending: list[Outcome | Future[Outcome]] = []
    unreachable: str | None = None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for folder in folders:
            if unreachable is not None:
                pending.append(Outcome(folder, unverified=unreachable))
                continue
            # Terraform's plugin cache takes one writer at a time.
            with locked(plugin_cache, progress) if plugin_cache else nullcontext():
                trouble = _initialise(terraform, folder)
            pending.append(trouble or pool.submit(_validate, terraform, folder))
            if trouble and trouble.unverified and UNREACHABLE.search(trouble.unverified):
                unreachable = trouble.unverified
    return [each if isinstance(each, Outcome) else each.result() for each in pending]


def _initialise(terraform: Terraform, folder: str) -> Outcome | None:
    """Run `init`, and return what keeps the folder from being validated, if anything does."""
    try:
        ended = terraform.run(folder, "init", "-backend=false", "-input=false", "-no-color", "-json")
    except ProgramError as error:
        return _unverified(folder, "init", str(error))
    if ended.code == 0:
        return None
    messages = [_json(line) for line in ended.stdout.splitlines()]
    diagnostics = [message["diagnostic"] for message in messages if "diagnostic" in message]
    return _errors(folder, "init", diagnostics) or _unverified(folder, "init", _last_words(ended))


def _validate(terraform: Terraform, folder: str) -> Outcome:
    """Run `validate` in a folder that is initialised."""
    try:
        ended = terraform.run(folder, "validate", "-no-color", "-json")
    except ProgramError as error:
        return _unverified(folder, "validate", str(error))
    answer = _json(ended.stdout)
    diagnostics = answer.get("diagnostics", [])
    errors = _errors(folder, "validate", diagnostics)
    if errors is not None:
        return errors
    if answer.get("valid") is not True or ended.code != 0:
        return _unverified(folder, "validate", _last_words(ended))
    warnings = tuple(finding.message for finding in _findings(folder, diagnostics, "warning"))
    return Outcome(folder, warnings=warnings, providers=_providers(terraform.root / folder))


def _unverified(folder: str, command: str, cause: str) -> Outcome:
    return Outcome(folder, unverified=f"{command} failed: {cause}")


def _errors(folder: str, command: str, diagnostics: Sequence[Mapping[str, Any]]) -> Outcome | None:
    """Return what the errors among the diagnostics mean for the folder, or nothing when there are none."""
    for diagnostic in diagnostics:
        summary = str(diagnostic.get("summary", ""))
        if diagnostic.get("severity") == "error" and summary.startswith(UNAVAILABLE):
            # The first paragraph is the cause; what follows are hints for somebody at a terminal.
            cause = _one_line(str(diagnostic.get("detail", "")).partition("\n\n")[0])
            cause = cause.replace("Could not retrieve the list of available versions for provider", "could not get")
            return _unverified(folder, command, cause or summary)
    findings = tuple(_findings(folder, diagnostics, "error"))
    return Outcome(folder, findings) if findings else None


def _findings(folder: str, diagnostics: Sequence[Mapping[str, Any]], severity: str) -> Iterator[Finding]:
    for diagnostic in diagnostics:
        if diagnostic.get("severity") != severity:
            continue
        position = diagnostic.get("range") or {}
        file = os.path.normpath(Path(folder, position["filename"])) if "filename" in position else None
        line = position["start"]["line"] if file else None
        message = _sentence(str(diagnostic.get("summary", "")), str(diagnostic.get("detail", "")))
        yield Finding(NAME, message if file else f"{folder}: {message}", file and Path(file).as_posix(), line)


def _providers(folder: Path) -> frozenset[str]:
    lock = folder / ".terraform.lock.hcl"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return frozenset(map(" ".join, re.findall(r'(?m)^provider "[^/"]+/([^"]+)" \{\n\s+version\s+= "([^"]+)"', text)))


def _version(terraform: Terraform) -> str:
    """Return the program's name and version."""
    version = _json(terraform.run(".", "version", "-json").stdout).get("terraform_version", "")
    return f"{'OpenTofu' if terraform.program.stem == 'tofu' else 'Terraform'} {version}".strip()


def _summary(outcomes: Sequence[Outcome], *, formatted: bool) -> str:
    parts = [f"fmt -check {'passed' if formatted else 'failed'}"]
    validated = [outcome for outcome in outcomes if outcome.unverified is None]
    providers = sorted(frozenset().union(*(outcome.providers for outcome in validated)))
    if validated:
        using = f" with {', '.join(providers)}" if providers else ""
        parts.append(f"validated {_counted(len(validated), 'folder')}{using}")
    causes: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.unverified is not None:
            causes.setdefault(outcome.unverified, []).append(outcome.folder)
    parts += [f"{_shortened(folders)} not validated: {cause}" for cause, folders in causes.items()]
    warnings = sorted({warning for outcome in outcomes for warning in outcome.warnings})
    if warnings:
        parts.append(f"{_counted(len(warnings), 'warning')}: {' '.join(warnings)}")
    return "; ".join(parts)


def _shortened(folders: Sequence[str]) -> str:
    return ", ".join(folders) if len(folders) <= 3 else f"{', '.join(folders[:2])} and {len(folders) - 2} more"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")


def _sentence(summary: str, detail: str) -> str:
    return _one_line(f"{summary}: {detail}" if detail.strip() else f"{summary}.")


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 600 else f"{line[:600]} …"


def _last_words(ended: Ended) -> str:
    """Return what is to be told of a program that ended without saying what it should."""
    words = _one_line(ended.stderr or ended.stdout)
    return f"it ended with code {ended.code}" + (f" and said: {words}" if words else "")


def _json(text: str) -> dict[str, Any]:
    """Return the JSON object that the text is; an empty one when it is none."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
