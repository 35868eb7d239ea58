"""Renders `examples/` anew: one folder for each preset. `python -m maintenance.examples [FOLDER]`."""

import shutil
import sys
from pathlib import Path

from scaffold import __version__
from scaffold.answers.project import resolve
from scaffold.answers.sources import merge
from scaffold.presets import load_presets
from scaffold.render import render
from scaffold.workspace.base import records

EXAMPLES = Path(__file__).parent.parent / "examples"


def write_examples(folder: Path) -> None:
    """Render every preset into a folder of its name; what was there before is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    for preset in load_presets():
        files = render(resolve(merge([preset.source]))).files
        for file in (*files, *records(files, __version__)):
            path = folder / preset.name / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.text.encode())
            path.chmod(0o755 if file.executable else 0o644)


if __name__ == "__main__":
    write_examples(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
