"""A shell that ends the programs of this process should it be killed, which it cannot do itself then."""

import os
import threading
from contextlib import suppress

# What is said stops when the process that says it does, however that ends.
_SCRIPT = """
trap '' INT HUP TERM
groups=
while read -r word group; do
  others=
  for each in $groups; do [ "$each" = "$group" ] || others="$others $each"; done
  groups=$others
  [ "$word" = leave ] || groups="$groups $group"
done
for group in $groups; do kill -s KILL -- "-$group"; done
"""

_lock = threading.Lock()
_ear: int | None = None
"""The end of the pipe that the shell listens at, once there is one; -1 where there is no shell."""


def begin() -> None:
    """Start the shell, if there is none yet: before a program, so that no time is lost once that runs."""
    _tell("")


def watch(group: int) -> None:
    """Have a process group ended when this process is no more."""
    _tell(f"watch {group}\n")


def leave(group: int) -> None:
    """Watch a process group no longer."""
    _tell(f"leave {group}\n")


def _tell(line: str) -> None:
    global _ear
    with _lock, suppress(OSError):
        if _ear is None:
            _ear = _listening()
        if _ear >= 0:
            os.write(_ear, line.encode())


def _listening() -> int:
    ears, mouth = os.pipe()
    try:
        os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", _SCRIPT],
            {},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, ears, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setpgroup=0,
        )
    except OSError:
        os.close(mouth)
        return -1
    finally:
        os.close(ears)
    return mouth
