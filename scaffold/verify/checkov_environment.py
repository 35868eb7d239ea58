"""checkov's own Python environment: built once in the user's cache, from a lock file with hashes.

checkov can't be a dependency: it brings a package named `hcl2` that overwrites python-hcl2's, and 220 MB.
"""

import hashlib
import os
import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path

import uv

from scaffold.cache import CacheError, cache_directory, locked, not_ours, prepare
from scaffold.scratch import Scratch
from scaffold.verify.process import ProgramError, environment, run

LOCK = Path(__file__).parent.parent / "data" / "checkov.lock"
"""checkov and all it needs, pinned with hashes; made by `python -m maintenance.checkov_lock`."""

SECONDS = 600.0
"""How long one step of the installation may take; the download is about 60 MB."""

INDEX_SETTINGS = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_OFFLINE"),
    *("UV_KEYRING_PROVIDER", "UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_HTTP_TIMEOUT"),
    *("UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_LINK_MODE"),
)
"""What uv is told of the user's package index; what comes from it must match the lock's hashes, so it isn't trusted."""


class CheckovUnavailableError(Exception):
    """checkov's environment is not there and can't be built; the message says why, for people."""


def checkov_version() -> str:
    """Return the version that the lock pins."""
    requirements = LOCK.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("checkov==").split()[0] for line in requirements if line.startswith("checkov=="))


def checkov_python(progress: Callable[[str], None] | None = None) -> Path:
    """Return the Python that can import checkov, and build its environment if it isn't in the cache.

    The environment appears in the cache under its final name only when it is complete, so processes that build it at
    the same time do not disturb each other, and one that was interrupted leaves nothing that would be used.

    Args:
        progress: told in one line what takes long, only if something does.

    Raises:
        CheckovUnavailableError: no network, no room, no fitting Python, a cache that cannot be written, …
    """
    if reason := not_ours(cache_directory()):
        raise CheckovUnavailableError(reason)
    home = cache_directory() / environment_name()
    # An interpreter that was uninstalled since leaves an environment behind whose python links to nothing.
    if not _python(home).exists():
        _install(home, f"installing checkov {checkov_version()} (220 MB, once)", progress)
    return _python(home)


def checkov_python_anew(damaged: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Return the Python of an environment that takes the place of a damaged one.

    Args:
        damaged: the Python of the damaged one.
        progress: as for `checkov_python`.

    Raises:
        CheckovUnavailableError: as for `checkov_python`.
    """
    home = damaged.parent.parent
    doing = f"installing checkov {checkov_version()} anew (220 MB): files of it are missing or changed"
    found = _identity(home)
    try:
        with locked(home, progress):
            if _identity(home) == found:  # else another process has mended it meanwhile
                _install(home, doing, progress, replace=True)
    except (OSError, CheckovUnavailableError) as error:
        raise CheckovUnavailableError(f"files of {home} are missing or changed, and {error}") from error
    return _python(home)


def _identity(home: Path) -> int | None:
    return home.stat().st_ino if home.exists() else None


def _install(home: Path, doing: str, progress: Callable[[str], None] | None, *, replace: bool = False) -> None:
    try:
        prepare(home.parent)
        if progress is not None:
            progress(doing)
        with Scratch(home.parent) as folder:
            _build(folder / "environment")
            _publish(folder / "environment", home, folder / "replaced", replace=replace)
    except CacheError as error:
        raise CheckovUnavailableError(str(error)) from error
    except (OSError, ProgramError) as error:
        raise CheckovUnavailableError(f"checkov {checkov_version()} could not be installed: {error}") from error


def environment_name() -> str:
    """Return the name of the environment's folder: checkov's version, and a digest of lock, Python and machine."""
    parts = (LOCK.read_text(encoding="utf-8"), sys.implementation.cache_tag, platform.system(), platform.machine())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"checkov-{checkov_version()}-{digest}"


def _python(home: Path) -> Path:
    return home / "bin/python"


def _build(home: Path) -> None:
    settings = {name: os.environ[name] for name in os.environ if name.startswith("UV_INDEX_")}
    settings |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    uv_environment = environment(*INDEX_SETTINGS, **settings)
    python = _python(home)
    uv_program = Path(uv.find_uv_bin())
    install = ("--require-hashes", "--only-binary", ":all:", "--requirements", LOCK)
    steps: tuple[tuple[Path, tuple[str | Path, ...]], ...] = (
        (uv_program, ("--quiet", "venv", "--no-project", "--relocatable", "--python", sys.executable, home)),
        (uv_program, ("--quiet", "pip", "install", "--python", python, *install)),
        (python, ("-I", "-c", "import checkov.terraform.runner")),
    )
    for program, arguments in steps:
        ended = run([program, *arguments], cwd=home.parent, environment=uv_environment, seconds=SECONDS)
        if ended.code != 0:
            raise ProgramError(_last_words(ended.stderr) or f"{program.name} ended with code {ended.code}")


def _publish(built: Path, home: Path, aside: Path, *, replace: bool) -> None:
    try:
        built.rename(home)
    except OSError:
        if _python(home).exists() and not replace:
            return  # another process was faster
        home.rename(aside)
        built.rename(home)


def _last_words(stderr: str) -> str:
    """Return the end of what a program said on standard error, as one line."""
    words = " ".join(re.sub(r"[^\x20-\x7e]", " ", stderr).split())
    return words if len(words) <= 400 else f"… {words[-400:]}"
