"""The sides of a table of costs: environments as answers make them, or as they lie in a repository, with their use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scaffold.answers.model import Answers
from scaffold.answers.problems import AnswersError
from scaffold.answers.project import examine, resolve
from scaffold.answers.sources import Merged, Source, from_file, from_settings, merge
from scaffold.answers.usage import NOTHING_USED, UsageAnswers
from scaffold.blueprint import build, inventory_of
from scaffold.cost.inventory import Inventory
from scaffold.presets import find_preset

_SETTINGS = re.compile(r",(?=[A-Za-z][A-Za-z0-9_.-]*=)")
"""Between one setting and the next, but not inside a list."""

_NEEDED_TO_RENDER = frozenset({"name", "region", "owner", "cost_center"})


@dataclass(frozen=True, slots=True)
class Used:
    """An environment: what it has, and what it is used for."""

    inventory: Inventory
    usage: UsageAnswers


def answered(sources: Sequence[Source], model: type[Answers] = Answers) -> list[Used]:
    """Return what answers would render.

    Args:
        sources: the answers, weakest first.
        model: what can be answered.

    Raises:
        AnswersError: with every problem.
    """
    project = resolve(merge(sources), model)
    facts = build(project).environments
    return [
        Used(inventory_of(each, model), answers.usage)
        for each, answers in zip(facts, project.environments, strict=True)
    ]


def there(directory: Path, sources: Sequence[Source], *, complete: bool, model: type[Answers] = Answers) -> list[Used]:
    """Return what a repository has, each environment with the usage that the answers say of one of its name.

    Args:
        directory: the repository.
        sources: the answers, weakest first.
        complete: whether they have to be whole; for a repository of somebody else's a usage alone will do.
        model: what can be answered.

    Raises:
        AnswersError: with every problem.
        TargetError: the folder cannot be read.
        ScaffoldError: there is nothing in it to price.
    """
    from scaffold.cost.reading import inventories_of
    from scaffold.facts import facts_of
    from scaffold.repository.reading import read_repository, require_something

    repository = read_repository(directory)
    require_something(repository, directory)
    merged = merge(sources)
    usages, usual = usages_of(merged, complete=complete, model=model)
    region = str(merged.data.get("region", ""))
    found = []
    for inventory in inventories_of(facts_of(repository)):
        placed = inventory if inventory.region else replace(inventory, region=region)
        found.append(Used(placed, usages.get(inventory.environment, usual)))
    return found


def usages_of(
    merged: Merged, *, complete: bool, model: type[Answers] = Answers
) -> tuple[Mapping[str, UsageAnswers], UsageAnswers]:
    """Return the usage of each environment, and that of any that the answers do not know.

    Raises:
        AnswersError: with every problem; without `complete`, what is only needed to render may be left out.
    """
    resolved, problems = examine(merged, model)
    errors = [problem for problem in problems if problem.level == "error"]
    if not complete:
        errors = [each for each in errors if each.rule != "required" or each.path not in _NEEDED_TO_RENDER]
    if errors:
        raise AnswersError(errors)
    common = {key: value for key, value in merged.data.items() if key != "environments"}
    usual, _ = examine(Merged(common, merged.places, merged.mappings), model)
    return {each.environment: each.usage for each in resolved}, usual[0].usage if usual else NOTHING_USED


def other_answers(sources: Sequence[Source], flags: Sequence[Source], other: str) -> list[Source]:
    """Return the answers to compare with, weakest first.

    Args:
        sources: the answers that are compared.
        flags: those of them that hold over another preset or file too: `--set` flags and environment variables.
        other: `network.nat=single,azs=2`, settings over the answers; or a preset's name, or a file's path, which stand
            alone but for the flags and, where they say nothing of it, the answers' usage.

    Raises:
        AnswersError: the file or a setting cannot be read.
        PresetError: there is no such preset.
    """
    if "=" in other:
        return [*sources, from_settings(_SETTINGS.split(other))]
    path = Path(other)
    chosen = from_file(path) if path.exists() or path.suffix in (".yaml", ".yml") else find_preset(other).source
    usages = [Source({"usage": each.data["usage"]}, each.label) for each in sources if "usage" in each.data]
    return [*usages, chosen, *flags]
