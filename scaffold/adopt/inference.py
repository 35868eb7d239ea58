"""From a repository to the answers that would render one like it, each with its origin; nothing is guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from scaffold.adopt.cluster import cluster_answers, manifest_answers
from scaffold.adopt.event_functions import functions_answers, functions_of_shapes
from scaffold.adopt.findings import Adoption, Finding, Gap, Inferred, NotExpressible
from scaffold.adopt.function import architectures, function_answers
from scaffold.adopt.network import network_answers
from scaffold.adopt.project import name_of, project_answers
from scaffold.adopt.service import ecs_answers
from scaffold.adopt.validity import CAP, REQUIRED, nested, valid
from scaffold.adopt.workflow import durable_answers
from scaffold.adopt.written import Written, written
from scaffold.answers.model import COMPONENTS, ENVIRONMENT_NAME, PRODUCTION_NAMES, Answers, Capacity
from scaffold.answers.project import same_everywhere
from scaffold.compare.cast import Cast
from scaffold.compare.environments import concerns, environment_of
from scaffold.compare.function_parts import DURABLE
from scaffold.compare.manifest_roles import ARCH, capacity_of, requirements_of
from scaffold.compare.parts import ANCHORS, cast_of
from scaffold.evaluate.root import Instance, Place
from scaffold.repository.model import Manifest, Repository

_ARCHITECTURES = {"amd64": "x86_64", "x86_64": "x86_64", "X86_64": "x86_64", "arm64": "arm64", "ARM64": "arm64"}


@dataclass(frozen=True, slots=True)
class _Environment:
    """An environment: its name, its root modules, whether it is production."""

    name: str
    casts: tuple[Cast, ...]
    production: bool | None
    stand_in: bool


def infer(repository: Repository) -> Adoption:
    """Return the answers of a repository.

    Answers that hold in every environment stand at the top, others under the environments' names. What the answers'
    own rules refuse is a gap with the reason of the refusal; the answers that are left are valid as far as they go.
    """
    roots = [root for root in repository.roots if any(root.of(*ANCHORS))]
    # Where nothing is seen, what is not read may hold everything.
    casts = [cast_of(root) for root in roots or [root for root in repository.roots if root.unread]]
    environments = _environments(casts)
    findings: list[Finding] = list(
        name_of([(each.name, cast) for each in environments for cast in each.casts], repository)
    )
    names = written(repository.modules)
    found = {
        each.name: [
            _traced(finding, each, names)
            for finding in _of_environment(repository, each, [one.name for one in environments])
        ]
        for each in environments
    }
    inferred = [each for each in findings if isinstance(each, Inferred)]
    gaps = [each for each in findings if isinstance(each, Gap)]
    inferred += _shared(found)
    for each in environments:
        gaps += _missing(each, found[each.name], len(environments))
        if each.stand_in:
            reason = f"no root module says which environment it is; {each.name} stands in its place"
            gaps.append(Gap("environments", reason))
    if not environments:
        gaps += [Gap(path, f"not found: {what}", required=True) for path, what in REQUIRED.items()]
    gaps += _gathered(found)
    inferred = [replace(each, how=each.how or names.at(each.place)) for each in inferred]
    kept, refused = valid(inferred, [each.name for each in environments])
    gaps += refused
    known = {each.path for each in kept}
    return Adoption(
        data=nested(kept, [each.name for each in environments]),
        inferred=tuple(sorted(kept, key=_order)),
        gaps=tuple(dict.fromkeys(gap for gap in gaps if gap.path not in known)),
        not_expressible=tuple(
            dict.fromkeys(each for all_ in found.values() for each in all_ if isinstance(each, NotExpressible))
        ),
    )


def _traced(finding: Finding, environment: _Environment, names: Written) -> Finding:
    if not isinstance(finding, Inferred):
        return finding
    for cast in environment.casts:
        place = names.traced(finding.place, cast.root.path)
        if place != finding.place:
            return replace(finding, place=place)
    return finding


def _environments(casts: Sequence[Cast]) -> list[_Environment]:
    groups: dict[str, list[Cast]] = {}
    for cast in casts:
        groups.setdefault(environment_of(cast.root), []).append(cast)
    environments: list[_Environment] = []
    for name, members in groups.items():
        said = {cast.root.production for cast in members}
        production = True if True in said else False if False in said else None
        stand_in = re.fullmatch(ENVIRONMENT_NAME, name) is None
        if stand_in:
            name = "dev" if production is False else "prod"
        while any(each.name == name for each in environments):
            name = f"{name}-2"
        environments.append(_Environment(name, tuple(members), production, stand_in))
    return environments


def _of_environment(repository: Repository, environment: _Environment, names: Sequence[str]) -> Iterator[Finding]:
    """Yield everything that is said of one environment, by whichever of its root modules."""
    capacity = list(_capacity(environment.casts))
    yield from capacity
    chosen: list[Capacity] = next((each.value for each in capacity if isinstance(each, Inferred)), [])
    findings = [each for cast in environment.casts for of in _COMPONENTS for each in of(cast)]
    required = _required_endpoints(chosen, findings)
    for cast in environment.casts:
        findings += network_answers(cast, required)
        findings += cluster_answers(cast)
        findings += project_answers(repository, cast)
    manifests = [
        each for each in repository.manifests if len(names) == 1 or concerns(each.file, [environment.name], names)
    ]
    if "eks-auto-mode" in chosen:
        hidden = next((f"{each.what} {each.reason}" for each in repository.unread), "")
        findings += manifest_answers(manifests, hidden)
    yield from findings
    yield from _arch(environment.casts, manifests)
    if environment.production is not None and environment.production != (environment.name in PRODUCTION_NAMES):
        yield Inferred("production", environment.production, Place(f"{environment.casts[0].root.path}/", 1), "its name")


_COMPONENTS = (function_answers, ecs_answers, durable_answers, functions_answers)


def _required_endpoints(capacity: list[Capacity], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the interface endpoints of the profile `private`, which follow from what runs and from its answers."""
    some = {"name": "any", "environment": "dev", "production": False, "region": "us-east-1", "owner": "a"}
    answers: dict[str, Any] = {**some, "cost_center": "a", "capacity": capacity}
    # An answer that is no answer by itself is a gap elsewhere.
    for each in findings:
        if isinstance(each, Inferred):
            key, _, name = each.path.partition(".")
            tried = {**answers, key: {**answers.get(key, {}), name: each.value}}
            with suppress(ValidationError):
                Answers.model_validate(tried)
                answers = tried
    return Answers.model_validate(answers).required_endpoints


def _capacity(casts: Sequence[Cast]) -> Iterator[Finding]:
    made: dict[str, Place] = {}
    for cast in casts:
        for name, instance in _running(cast):
            made.setdefault(name, instance.place)
    unread = next((each for cast in casts for each in cast.root.unread), None)
    if made:
        chosen = [name for name in COMPONENTS if name in made]
        yield Inferred("capacity", chosen, made[chosen[0]])
    elif unread is not None:
        yield Gap("capacity", f"{unread.what} {unread.reason}")
    else:
        vpc = next((each for cast in casts for each in cast.root.of("aws_vpc")), None)
        if vpc is not None:
            yield Inferred("capacity", [], vpc.place, "neither a cluster nor a capacity provider nor a function")


def _running(cast: Cast) -> Iterator[tuple[str, Instance]]:
    """Yield each resource of a root module that something runs on, with the capacity that is."""
    for name, types in (
        ("eks-auto-mode", ("aws_eks_cluster",)),
        ("ecs", ("aws_ecs_cluster", "aws_ecs_service")),
        ("lambda-managed-instances", ("aws_lambda_capacity_provider",)),
    ):
        yield from ((name, each) for each in cast.root.of(*types))
    for address, part in cast.functions.parts.items():
        if part.startswith(DURABLE):
            yield "lambda-durable", cast.functions.functions[address].instance
    yield from (("lambda", each) for each in functions_of_shapes(cast))


def _arch(casts: Sequence[Cast], manifests: Iterable[Manifest]) -> Iterator[Finding]:
    findings = [each for cast in casts for each in architectures(cast)]
    for each in manifests:
        selector = each.node.at("spec", "template", "spec", "nodeSelector", ARCH)
        if each.kind == "Deployment" and selector is not None:
            findings.append(Inferred("arch", selector.text, Place(each.file, selector.line)))
        elif each.kind == "NodePool" and capacity_of(each) == "spot":
            arch = requirements_of(each.node).get(ARCH, ())
            if len(arch) == 1:
                findings.append(Inferred("arch", arch[0], each.place))
    found = [
        replace(each, value=_ARCHITECTURES.get(each.value, each.value))
        for each in findings
        if isinstance(each, Inferred)
    ]
    values = {each.value for each in found}
    if len(values) == 1:
        yield found[0]
    elif found:
        shown = ", ".join(f"{each.value} in {each.place.file}:{each.place.line}" for each in found)
        yield Gap("arch", f"there are several: {shown}")
    yield from (each for each in findings if isinstance(each, Gap) and not found)


def _shared(found: Mapping[str, Sequence[Finding]]) -> Iterator[Inferred]:
    """Yield what holds everywhere once, and what differs for each environment."""
    by_path: dict[str, dict[str, Inferred]] = {}
    for name, findings in found.items():
        for each in findings:
            if isinstance(each, Inferred):
                by_path.setdefault(each.path, {}).setdefault(name, each)
    for path, values in by_path.items():
        first = next(iter(values.values()))
        alike = all(each.value == first.value for each in values.values())
        if path in same_everywhere() or (alike and len(values) == len(found) and path != "production"):
            if alike:
                yield first
            continue
        for name, each in values.items():
            yield replace(each, path=f"environments.{name}.{path}")


def _missing(environment: _Environment, findings: Sequence[Finding], count: int) -> Iterator[Gap]:
    """Yield the required answers that nothing is found for."""
    said = {each.path for each in findings if isinstance(each, Inferred)}
    reasons = {each.path: each.reason for each in findings if isinstance(each, Gap)}
    for path, what in REQUIRED.items():
        if path not in said:
            yield Gap(_path(environment, path, count), reasons.get(path, f"not found: {what}"), required=True)
    managed = any("lambda-managed-instances" in value for value in _values(findings, "capacity"))
    if managed and CAP not in said:
        reason = reasons.get(CAP, "not found: the most vCPUs the capacity provider may run")
        yield Gap(_path(environment, CAP, count), reason, required=True)


def _values(findings: Sequence[Finding], path: str) -> list[Any]:
    return [each.value for each in findings if isinstance(each, Inferred) and each.path == path]


def _path(environment: _Environment, path: str, count: int) -> str:
    return path if count == 1 or path in REQUIRED else f"environments.{environment.name}.{path}"


def _gathered(found: Mapping[str, Sequence[Finding]]) -> Iterator[Gap]:
    """Yield the gaps of optional answers: where all environments have the same, once."""
    for name, findings in found.items():
        said = {each.path for each in findings if isinstance(each, Inferred)}
        for each in findings:
            if isinstance(each, Gap) and each.path not in said and each.path not in (*REQUIRED, CAP):
                everywhere = all(each in others for others in found.values())
                yield each if everywhere else replace(each, path=f"environments.{name}.{each.path}")
    for path in same_everywhere():
        values = {str(value) for findings in found.values() for value in _values(findings, path)}
        if len(values) > 1:
            yield Gap(path, f"differs between environments ({', '.join(sorted(values))}); it is the same in all")


def _order(inferred: Inferred) -> tuple[bool, int]:
    """Return a sort key: what holds everywhere first, in the order of the model."""
    head = inferred.path.partition(".")[0]
    order = ("name", "region", "owner", "cost_center", "capacity", "arch", "azs", *Answers.model_fields)
    return head == "environments", order.index(head) if head in order else len(order)
