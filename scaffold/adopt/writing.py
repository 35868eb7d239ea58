"""Writing an answers file into a folder that is otherwise left as it is."""

import os
import tempfile
from pathlib import Path

from scaffold.files import ANSWERS_FILE
from scaffold.workspace.plan import TargetError


def refuse_existing(target: Path, force: bool) -> None:
    """Refuse a folder that has answers already.

    Raises:
        TargetError: it has, and `force` is not given; or what has their name is no file.
    """
    path = target / ANSWERS_FILE
    if path.is_dir() and not path.is_symlink():
        raise TargetError(f"{path} is a folder; move it away.")
    if os.path.lexists(path) and not force:
        raise TargetError(f"{path} is there already. Move it away, or overwrite it with --force.")


def write_answers(target: Path, text: str) -> None:
    """Write a folder's answers file, whole or not at all.

    Raises:
        TargetError: it cannot be written; the folder is as it was.
    """
    path = target / ANSWERS_FILE
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{ANSWERS_FILE}.", dir=target)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TargetError(f"{path} cannot be written: {error.strerror}. {target} is as it was.") from None
