"""Writing an answers file into a folder that is otherwise left as it is."""

import os
from pathlib import Path

from scaffold.files import ANSWERS_FILE
from scaffold.interrupts import held, set_outcome
from scaffold.workspace.plan import TargetError
from scaffold.workspace.publish import locked

_DRAFT = f".{ANSWERS_FILE}.new"


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
    """Write a folder's answers file, whole or not at all; a draft that a killed run left is written over.

    Raises:
        TargetError: it cannot be written, or another run is at work in the folder; the folder is as it was.
    """
    path = target / ANSWERS_FILE
    try:
        with held(), locked(target):
            draft = target / _DRAFT
            draft.unlink(missing_ok=True)  # which may be a link
            try:
                with draft.open("x", encoding="utf-8", newline="") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
            set_outcome(f"{path} was written before that.")
    except OSError as error:
        raise TargetError(f"{path} cannot be written: {error.strerror}. {target} is as it was.") from None
