"""The answers about a project as a whole: its name, region, owner, and where its state is kept."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scaffold.adopt.findings import Finding, Gap, Inferred
from scaffold.compare.cast import Cast, text
from scaffold.compare.environments import KNOWN
from scaffold.compare.provider_roles import provider_of
from scaffold.evaluate.root import Place, Root
from scaffold.evaluate.values import Value
from scaffold.facts.endpoints import service_of
from scaffold.repository.model import Repository

_OWNER = ("owner", "ownedby", "team", "maintainer")
_COST_CENTER = ("costcenter", "costcentre", "billingcode", "billing")
_PROJECT = ("project", "projectname", "application", "product")
_NAMED = ("aws_eks_cluster", "aws_ecs_cluster", "aws_lambda_capacity_provider")
_SERVICE = re.compile(r"com\.amazonaws\.([a-z0-9-]+)\.")
_ZONE = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-z]")


def project_answers(repository: Repository, cast: Cast) -> Iterator[Finding]:
    """Yield what a root module says of `region`, `owner`, `cost_center` and `state.*`."""
    root = cast.root
    yield from _region(repository, cast)
    tags = list(_tags(repository, root))
    for path, words in (("owner", _OWNER), ("cost_center", _COST_CENTER)):
        found = sorted(
            (each for each in tags if _plain(each[0]) in words), key=lambda each: words.index(_plain(each[0]))
        )
        for key, value, place in found[:1]:
            if isinstance(value, str) and value:
                yield Inferred(path, value, place)
            else:
                yield Gap(path, f"the tag {key} in {place.file}:{place.line} cannot be evaluated")
    yield from _state(repository, root)
    yield from _enforced_tags(repository)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())


def _tags(repository: Repository, root: Root) -> Iterator[tuple[str, Value, Place]]:
    """Yield the provider's default tags, then those of the resources that stand for the environment."""
    provider = provider_of(repository, root)
    place = Place(f"{root.path}/", 1)
    if provider is not None:
        path, block = provider
        inner = block.body.block("default_tags")
        tags = inner.body.attribute("tags") if inner else None
        place = Place(path, tags.line if tags else block.line)
    for key, value in root.default_tags.items():
        if isinstance(key, str):
            yield key, value, place
    for each in root.of("aws_vpc", *_NAMED, "aws_lambda_function"):
        argument = each.body.at("tags")
        if argument is not None and isinstance(argument.value, Mapping):
            for key, value in argument.value.items():
                if isinstance(key, str):
                    yield key, value, argument.place


def _region(repository: Repository, cast: Cast) -> Iterator[Finding]:
    provider = provider_of(repository, cast.root)
    if provider is not None:
        path, block = provider
        argument, value = block.body.attribute("region"), cast.root.region
        if argument is not None and isinstance(value, str):
            yield Inferred("region", value, Place(path, argument.line))
            return
    for endpoint in cast.root.of("aws_vpc_endpoint"):
        name = endpoint.get("service_name")
        if isinstance(name, str) and service_of(endpoint, cast.uses.references) and (match := _SERVICE.search(name)):
            yield Inferred("region", match[1], endpoint.place_of("service_name"))
            return
    for subnet in cast.root.of("aws_subnet"):
        zone = subnet.get("availability_zone")
        if isinstance(zone, str) and (match := _ZONE.fullmatch(zone)):
            yield Inferred("region", match[1], subnet.place_of("availability_zone"))
            return


def _state(repository: Repository, root: Root) -> Iterator[Finding]:
    """Yield that the state's place is not taken over.

    A rendering that had the old state's bucket and key would destroy what that state holds, which it does not make.
    """
    module = next((each for each in repository.modules if each.path == root.path), None)
    for path, block in module.blocks("terraform") if module else ():
        backend = block.body.block("backend")
        if backend is None:
            continue
        if backend.labels != ("s3",):
            yield Gap("state.bucket", f"the state is kept in the backend {' '.join(backend.labels)}, and not in S3")
            continue
        for name in ("bucket", "key"):
            argument = backend.body.attribute(name)
            line = argument.line if argument is not None else backend.line
            yield Gap(
                f"state.{name}",
                f"the one in {path}:{line} holds what is there already, which applying a rendering to it would destroy",
            )


def _enforced_tags(repository: Repository) -> Iterator[Finding]:
    for root in repository.roots:
        for policy in root.of("aws_iam_policy") if any(root.of("aws_s3_bucket")) else ():
            if text(policy.get("name")).endswith("-require-tags"):
                if policy.certain:
                    yield Inferred("state.enforce_tags", True, policy.place)
                else:
                    yield Gap("state.enforce_tags", f"whether there is {policy.address} cannot be evaluated")


def name_of(casts: Sequence[tuple[str, Cast]], repository: Repository) -> Iterator[Finding]:
    """Yield the project's name: what the tags say, else what the names of most things begin with.

    Args:
        casts: every root module, each with the name of its environment.
        repository: the repository.
    """
    found: list[tuple[str, Place]] = []
    only_environment = ""
    for _, cast in casts:
        found += [
            (value, place)
            for key, value, place in _tags(repository, cast.root)
            if _plain(key) in _PROJECT and isinstance(value, str)
        ]
    if not found:
        for environment, cast in casts:
            for each in cast.root.of("aws_vpc", *_NAMED):
                at = ("tags", "Name") if each.type == "aws_vpc" else ("name",)
                value = each.get(*at)
                if isinstance(value, str) and value:
                    name = _without(value, environment)
                    only_environment = only_environment or ("" if name else value)
                    found.append((name, each.place_of(*at)))
    names = Counter(name for name, _ in found if name)
    if not names:
        reason = "not found: what the names of all resources begin with"
        if only_environment:
            reason += f"; {only_environment} says no more than what it is, or of which environment"
        yield Gap("name", reason, required=True)
        return
    name, count = names.most_common(1)[0]
    if len(names) > 1 and count == names.most_common(2)[1][1]:
        shown = ", ".join(sorted(names))
        yield Gap("name", f"not one name but several: {shown}", required=True)
        return
    yield Inferred("name", name, next(place for each, place in found if each == name))


def _without(name: str, environment: str) -> str:
    """Return a name without its environment's: `shop` for `shop-prod`, `prod-shop` and `shop-prod-vpc`."""
    words = [word for word in re.split(r"[-_.]", name.lower()) if word]
    drop = {environment, *KNOWN, "vpc", "eks", "ecs", "cluster", "main", "network"}
    kept = [word for word in words if word not in drop]
    return "-".join(kept)
