"""Presets: what they are called, that they never change once released, and that they render."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pytest

from scaffold.presets import PresetError, find_preset, load_presets
from scaffold.resources import PRESETS
from scaffold.verify import Level, verify
from scaffold.verify.verdict import Status
from tests.support.rendering import preset, tree_of

RELEASED = Path(__file__).parent / "preset_hashes.json"


def test_the_presets_are_there():
    names = {each.name for each in load_presets()}
    assert names == {
        *("durable-workflow", "ecs-api", "ecs-spot", "eks-auto-dev", "eks-auto-prod", "event-functions"),
        *("lmi-private", "lmi-steady", "mcp-server", "network-only", "platform"),
    }


def test_every_file_is_a_preset_with_a_name_a_date_and_a_sentence():
    found = load_presets()
    assert {f"{each.name}-{each.date}.yaml" for each in found} == {path.name for path in PRESETS.iterdir()}
    for each in found:
        assert date.fromisoformat(each.date)
        assert re.fullmatch(r"[A-Z][^\n]*\.", each.about)


def test_a_released_preset_never_changes():
    released = json.loads(RELEASED.read_text())
    now = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in PRESETS.glob("*.yaml")}
    changed = sorted(name for name in released if now.get(name) != released[name])
    assert not changed, f"released presets never change: put {', '.join(changed)} back, and add a file of a new date"
    new = sorted(set(now) - set(released))
    assert not new, f"new presets: add {json.dumps({name: now[name] for name in new})} to {RELEASED.name}"


def test_a_preset_is_found_by_name_newest_first_or_by_name_and_date(tmp_path):
    for day in ("2026-01-01", "2026-03-01", "2026-02-01"):
        (tmp_path / f"small-{day}.yaml").write_text(f"about: Of {day}.\nanswers: {{name: x}}\n")
    assert find_preset("small", tmp_path).date == "2026-03-01"
    assert find_preset("small@2026-02-01", tmp_path).about == "Of 2026-02-01."
    with pytest.raises(PresetError, match="small@2026-03-01, small@2026-02-01"):
        find_preset("small@2025-01-01", tmp_path)
    with pytest.raises(PresetError, match="there are small"):
        find_preset("large", tmp_path)


def test_a_presets_answers_are_placed_at_their_lines():
    source = find_preset("network-only").source
    assert source.place("name") == "preset network-only line 3"


@pytest.mark.parametrize("name", sorted({each.name for each in load_presets()}))
def test_every_preset_renders_what_the_fast_verifiers_pass(name):
    for verdict in verify(tree_of(preset(name)), Level.FAST):
        assert verdict.status is not Status.FAILED, verdict.findings
