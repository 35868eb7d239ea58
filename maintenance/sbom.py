"""Print a software bill of materials of a lock file: CycloneDX 1.6, the same bytes for the same lock.

python -m maintenance.sbom requirements.lock             what an installed scaffold depends on
python -m maintenance.sbom scaffold/data/checkov.lock    what it installs for checkov on first use
"""

import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold import __version__

_PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
_HASH = re.compile(r"    --hash=sha256:(?P<digest>[0-9a-f]{64})(?: \\)?")


class LockError(Exception):
    """A lock has a line that pins nothing; the text names the line."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement of a lock.

    Attributes:
        name: the package, as PyPI normalizes it.
        version: the one that is pinned.
        marker: where it is installed, such as `sys_platform == 'win32'`; an empty text for everywhere.
        hashes: SHA-256 of each file that may be installed, in hexadecimal.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(text: str) -> tuple[Pin, ...]:
    """Return what a lock pins, in its order.

    Raises:
        LockError: a line is no pin and no hash: an index, an option, an address, or a version left open.
    """
    pins: list[Pin] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if pinned := _PINNED.fullmatch(line):
            pins.append(Pin(pinned["name"], pinned["version"], (pinned["marker"] or "").strip(), ()))
        elif pins and (found := _HASH.fullmatch(line)):
            last = pins.pop()
            pins.append(Pin(last.name, last.version, last.marker, (*last.hashes, found["digest"])))
        else:
            raise LockError(f"line {number} is neither a pinned version nor a SHA-256: {line.strip()}")
    return tuple(pins)


def bill_of_materials(lock: str) -> dict[str, Any]:
    """Return the CycloneDX document of a lock's text, as plain data.

    Raises:
        LockError: the text is no lock.
    """
    components = list(_components(read_lock(lock)))
    root = f"pkg:pypi/tfscaffold@{__version__}"
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "tfscaffold",
                "version": __version__,
                "purl": root,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
        # The lock says what is installed, not what needs what.
        "dependencies": [
            {"ref": root, "dependsOn": [each["bom-ref"] for each in components]},
            *({"ref": each["bom-ref"]} for each in components),
        ],
    }
    # From the content and no clock, so that building again gives the same bytes.
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{serial}"}


def _components(pins: tuple[Pin, ...]) -> Iterator[dict[str, Any]]:
    for pin in pins:
        purl = f"pkg:pypi/{pin.name}@{pin.version}"
        component: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": pin.name,
            "version": pin.version,
            "purl": purl,
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"https://pypi.org/project/{pin.name}/{pin.version}/",
                    "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.hashes],
                }
            ],
        }
        if pin.marker:
            component["properties"] = [{"name": "python:marker", "value": pin.marker}]
        yield component


def main(arguments: list[str]) -> None:
    """Print the document of the lock file that `arguments` name."""
    (path,) = arguments
    print(json.dumps(bill_of_materials(Path(path).read_text(encoding="utf-8")), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
