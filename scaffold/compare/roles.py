"""Comparing a rendering with a repository of another making: by type and by the part each resource plays.

Names, files and modules are no matter: the private route tables are compared with the private route tables, and what a
value refers to by the part that plays. Where a value cannot be evaluated, or a part may be in something that is not
read, the difference is unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scaffold.compare.cast import Cast
from scaffold.compare.counterparts import Form, form_of, same
from scaffold.compare.difference import AttributeDifference, ResourceDifference, ResourceStatus, Side
from scaffold.compare.environments import environment_of, same_environment
from scaffold.compare.manifest_roles import KINDS, compare_manifests
from scaffold.compare.particulars import particulars
from scaffold.compare.parts import ANCHORS, CLUSTER, FUNCTION, NETWORK, SERVICE, cast_of
from scaffold.compare.provider_defaults import DEFAULTS
from scaffold.compare.provider_roles import compare_providers
from scaffold.compare.uses import OWNERS
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Argument, Instance, Root
from scaffold.evaluate.values import Value
from scaffold.facts.network import may_make
from scaffold.repository.model import Repository

_BOOTSTRAP = "bootstrap"
_UNCERTAIN = "whether it is there cannot be evaluated"
_DOMAINS = (NETWORK, CLUSTER, SERVICE, FUNCTION)


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is rendered for an environment, and the root modules there that are of that environment."""

    rendered: Cast
    there: tuple[Cast, ...]


def compare_roles(rendered: Repository, there: Repository) -> tuple[ResourceDifference, ...]:
    """Return how a repository stands to a rendering, in the order of the parts.

    Root modules are paired by environment: by its name, or by whether it is production, which a repository that does
    not say it is compared as. A root module with neither network, cluster nor function is left alone, but for one that
    makes the bucket of Terraform's state, which is compared with the rendered `bootstrap`.

    Args:
        rendered: a rendering, read as a repository.
        there: the repository.
    """
    found: list[tuple[str, ResourceDifference]] = []
    pairs = _pairs(rendered, there)
    for pair in pairs:
        found += _compare_pair(pair)
        for cast in pair.there:
            provider = compare_providers(rendered, pair.rendered.root, there, cast.root)
            if provider is not None:
                found.append(("provider.aws", provider))
    environments = [
        (pair.rendered.root.path.rpartition("/")[2], [environment_of(cast.root) for cast in pair.there])
        for pair in pairs
        if pair.rendered.root.path != _BOOTSTRAP
    ]
    rendered_environments = [root for root in rendered.roots if _is_environment(root)]
    if not environments and rendered_environments:
        # Manifests alone are compared as what they do not say that they are not: production.
        name = _production(rendered_environments)[0].path.rpartition("/")[2]
        environments = [(name, [""])] if any(each.kind in KINDS for each in there.manifests) else []
    found += compare_manifests(rendered, there, environments)
    return tuple(difference for _, difference in sorted(found, key=lambda each: (each[0], each[1].address)))


def _pairs(rendered: Repository, there: Repository) -> list[_Pair]:
    environments = [root for root in rendered.roots if _is_environment(root)]
    groups: dict[str, list[Root]] = {}
    # Where nothing is seen, what is not read may hold everything.
    candidates = [root for root in there.roots if _is_environment(root)] or [
        root for root in there.roots if root.unread
    ]
    for root in candidates:
        if environments:
            groups.setdefault(_counterpart(environments, root).path, []).append(root)
    pairs = [
        _Pair(cast_of(root), tuple(cast_of(each) for each in groups[root.path]))
        for root in environments
        if root.path in groups
    ]
    bootstrap = next((root for root in rendered.roots if root.path == _BOOTSTRAP), None)
    state = tuple(cast_of(root) for root in there.roots if _holds_state(root))
    if bootstrap is not None and state:
        pairs.append(_Pair(cast_of(bootstrap), state))
    return pairs


def _is_environment(root: Root) -> bool:
    return any(not each.data and each.type in ANCHORS for each in root.instances)


def _holds_state(root: Root) -> bool:
    words = f"{root.path} {' '.join(each.address for each in root.of('aws_s3_bucket'))}".lower()
    named = any(word in words for word in ("state", "bootstrap", "backend"))
    return named and not _is_environment(root) and any(root.of("aws_s3_bucket"))


def _counterpart(environments: Sequence[Root], root: Root) -> Root:
    name = environment_of(root)
    same_name = [each for each in environments if name and same_environment(environment_of(each), name)]
    return (same_name or _production(environments, root.production is not False))[0]


def _production(environments: Sequence[Root], production: bool = True) -> Sequence[Root]:
    """Return those that are production, or that are not; where there are none such, all."""
    return [each for each in environments if (each.production is not False) == production] or environments


def _compare_pair(pair: _Pair) -> Iterator[tuple[str, ResourceDifference]]:
    wanted = _by_role(pair.rendered)
    everywhere = [_by_role(cast) for cast in pair.there]
    for cast, there in zip(pair.there, everywhere, strict=True):
        for role, instance in there.items():
            if role in wanted:
                difference = _compare(pair.rendered, wanted[role], cast, instance)
            else:
                difference = _extra(cast, instance)
            if difference is not None:
                yield role, difference
    for role, instance in wanted.items():
        for difference in _missing(pair, everywhere, role, instance):
            yield role, difference


def _by_role(cast: Cast) -> Mapping[str, Instance]:
    return {cast.roles[each.address]: each for each in cast.root.instances if each.address in cast.roles}


def _missing(
    pair: _Pair, everywhere: Sequence[Mapping[str, Instance]], role: str, instance: Instance
) -> Iterator[ResourceDifference]:
    """Yield that a part is missing: in the environment, or in those of its root modules that ought to have it."""
    address = address_of(pair.rendered.root, instance)
    if not any(role in there for there in everywhere):
        reason = next(filter(None, (_hiding(instance, cast) for cast in pair.there)), "")
        yield ResourceDifference(address, _missing_or(reason), instance.place, reason=reason)
        return
    # Several root modules may make a network each; one that has all but this part lacks it.
    domain = next((domain for domain in _DOMAINS if instance.type in domain), frozenset[str]())
    makers = [any(cast.root.of(*domain & set(ANCHORS))) for cast in pair.there]
    if any(role in there and not maker for there, maker in zip(everywhere, makers, strict=True)):
        return
    for cast, there, maker in zip(pair.there, everywhere, makers, strict=True):
        if maker and role not in there:
            reason = _hiding(instance, cast)
            yield ResourceDifference(
                address_of(cast.root, instance), _missing_or(reason), instance.place, (), address, reason
            )


def _missing_or(reason: str) -> ResourceStatus:
    return ResourceStatus.UNKNOWN if reason else ResourceStatus.MISSING


def _hiding(instance: Instance, cast: Cast) -> str:
    """Return why a root module may make a resource that nobody here can see, or an empty text."""
    for unread in cast.root.unread:
        if instance.type not in NETWORK or may_make(unread.source, {instance.type}):
            return f"{unread.what} {unread.reason}"
    for each in cast.root.of(instance.type):
        if each.many or not each.certain:
            return f"how many {each.address} there are cannot be evaluated"
    return ""


def _extra(cast: Cast, instance: Instance) -> ResourceDifference:
    address = address_of(cast.root, instance)
    if instance.certain:
        return ResourceDifference(address, ResourceStatus.EXTRA, instance.place)
    return ResourceDifference(address, ResourceStatus.UNKNOWN, instance.place, reason=_UNCERTAIN)


def address_of(root: Root, instance: Instance) -> str:
    """Return what a resource of a root module is known by, with the variables' file where there is one."""
    variables = f" ({root.variables})" if root.variables else ""
    return f"{root.path}{variables}: {instance.address}"


def _compare(rendered: Cast, wanted: Instance, cast: Cast, instance: Instance) -> ResourceDifference | None:
    attributes = tuple(_attributes(rendered, wanted, cast, instance))
    if not instance.certain:
        attributes = tuple(replace(each, known=False) for each in attributes)
    known = any(each.known for each in attributes)
    if not attributes and instance.certain:
        return None
    return ResourceDifference(
        address=address_of(cast.root, instance),
        status=ResourceStatus.CHANGED if known else ResourceStatus.UNKNOWN,
        place=instance.place,
        attributes=attributes,
        rendered_address=address_of(rendered.root, wanted),
        reason="" if known else "values cannot be evaluated" if instance.certain else _UNCERTAIN,
    )


def _attributes(rendered: Cast, wanted: Instance, cast: Cast, instance: Instance) -> Iterator[AttributeDifference]:
    ours, theirs = particulars(rendered, wanted), particulars(cast, instance)
    defaults = DEFAULTS.get(wanted.type, {})
    for path in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(path), theirs.get(path)
        equal = _same(one, other, path in defaults, defaults.get(path), rendered, cast)
        if equal:
            continue
        if _may_be_open(cast, instance, path):
            equal = None
        yield AttributeDifference(path, _side(one), _side(other), known=equal is False)


def _same(
    one: Argument | None, other: Argument | None, has_default: bool, default: Value, rendered: Cast, cast: Cast
) -> bool | None:
    def form(argument: Argument | None, side: Cast) -> Form | None:
        if argument is not None:
            return form_of(argument.value, side)
        return form_of(default, side) if has_default else None

    ours, theirs = form(one, rendered), form(other, cast)
    if ours is not None and theirs is not None:
        return same(ours, theirs)
    # Set here and unset there: the same only if what is not known should be null.
    lone = ours or theirs
    return False if lone is None or lone.known else None


def _may_be_open(cast: Cast, instance: Instance, path: str) -> bool:
    """Return whether something that is not known may say it: a `dynamic` block, or a resource of unknown belonging."""
    head = path.partition(".")[0].partition("[")[0]
    if head in {name.partition(".")[0] for name in instance.body.open}:
        return True
    if instance.address in cast.groups:
        return bool(cast.groups[instance.address].open)
    return any(OWNERS[kind][1:] == (instance.type, head) for kind in cast.uses.homeless)


def _side(argument: Argument | None) -> Side | None:
    return Side(displayed(argument.value), argument.place) if argument is not None else None
