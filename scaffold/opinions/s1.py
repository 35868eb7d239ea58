"""S1: state is remote, locked, encrypted, and each environment's own.

A root module without a backend that makes the bucket for the others has to begin with local state, and keeps the
opinion; so does HCP Terraform, which locks, encrypts and keeps versions itself.
"""

from collections.abc import Iterator, Mapping, Sequence

from scaffold.evaluate.constraints import bounds
from scaffold.evaluate.root import Root
from scaffold.facts import Facts
from scaffold.facts.settings import Backend, Settings, applied
from scaffold.facts.state_buckets import is_state, safety_of, state_buckets
from scaffold.hcl import UNKNOWN
from scaffold.opinions.judging import broken, kept, unknown
from scaffold.opinions.opinion import Judgement, Opinion

_LOCKFILE_SINCE = (1, 10, 0)
"""Terraform locks state in S3 itself since 1.10.

Source: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
"""


def _judge(facts: Facts) -> Iterator[Judgement]:
    pairs = list(applied(facts.repository))
    names = {_text(settings.backend, "bucket") for _, settings in pairs if settings.backend} - {""}
    by_bucket: dict[str, list[tuple[Root, Settings]]] = {}
    for root, settings in pairs:
        if settings.backend and settings.backend.kind == "s3" and (name := _text(settings.backend, "bucket")):
            by_bucket.setdefault(name, []).append((root, settings))
    for root, settings in pairs:
        own = any(state_buckets(root, names))
        found = list(_faults(root, settings, own)) or list(_shared(root, settings, by_bucket))
        yield from found or [_kept(settings, own)]
    for root in facts.repository.roots:
        yield from _buckets(root, names)


def _kept(settings: Settings, own: bool) -> Judgement:
    if settings.backend is None or settings.backend.kind == "local":
        return kept(f"{settings.title} makes a state bucket, so its own state is local.", settings.place)
    backend = settings.backend
    how = "locked and encrypted" if backend.kind == "s3" else f"in {backend.kind}"
    return kept(f"{settings.title} keeps its state {how}.", backend.place_of(""))


def _faults(root: Root, settings: Settings, own: bool) -> Iterator[Judgement]:
    backend = settings.backend
    if backend is None:
        yield from () if own else _without(root, settings)
    elif backend.kind == "s3":
        yield from _s3(settings, backend)
    elif backend.kind == "local" and not own:
        yield broken(f"{settings.title} keeps its state in a local file.", backend.place_of(""))
    elif backend.kind not in ("cloud", "local", "remote"):
        yield unknown(f"{settings.title} keeps its state in {backend.kind}, which is not judged.", backend.place_of(""))


def _without(root: Root, settings: Settings) -> Iterator[Judgement]:
    for each in root.unread:
        if not each.source:
            yield unknown(f"{settings.title} has no backend here, but {each.what} {each.reason}.", settings.place)
            return
        if is_state(each.source.replace("/", " ")) or is_state(each.what.removeprefix("module.")):
            yield unknown(f"{settings.title} has no backend; {each.what} may make its bucket.", settings.place)
            return
    yield broken(f"{settings.title} has no backend, so its state is a local file.", settings.place)


def _s3(settings: Settings, backend: Backend) -> Iterator[Judgement]:
    if backend.get("bucket") is None or backend.get("key") is None:
        message = f"{settings.title} is told where its state is when it is initialised, which is not known here."
        yield unknown(message, backend.place_of(""))
        return
    if backend.get("region") is None:
        yield broken(f"The backend of {settings.title} names no region.", backend.place_of(""), "Write its region.")
    yield from _on(settings, backend, "encrypt", "is not encrypted")
    table = backend.get("dynamodb_table") or backend.get("dynamodb_endpoint")
    if table is None or bounds(settings.terraform or ">= 0")[0] >= _LOCKFILE_SINCE:
        yield from _on(settings, backend, "use_lockfile", "is not locked" if table is None else "is locked in DynamoDB")


def _on(settings: Settings, backend: Backend, name: str, otherwise: str) -> Iterator[Judgement]:
    value, place = backend.get(name), backend.place_of(name)
    if value is UNKNOWN:
        yield unknown(f"It cannot be evaluated whether {name} of the backend of {settings.title} is on.", place)
    elif value not in (True, "true"):
        yield broken(f"The state of {settings.title} {otherwise}.", place, f"Set {name} = true in the backend.")


def _shared(
    root: Root, settings: Settings, by_bucket: Mapping[str, Sequence[tuple[Root, Settings]]]
) -> Iterator[Judgement]:
    """Judge whether a root module has a state, and an environment a bucket, of its own."""
    backend = settings.backend
    for other, theirs in by_bucket.get(_text(backend, "bucket"), ()) if backend else ():
        key = _text(theirs.backend, "key") if theirs.backend else ""
        if backend and other.path != root.path and key and _text(backend, "key") == key:
            yield broken(f"{settings.title} and {theirs.title} write the same state.", backend.place_of("key"))
            return
        if backend and None not in (root.production, other.production) and root.production is not other.production:
            message = f"{settings.title} keeps its state in one bucket with {other.variables or theirs.title}."
            yield broken(message, backend.place_of("bucket"), "Give each environment a bucket of its own.")
            return


def _text(backend: Backend, name: str) -> str:
    value = backend.get(name)
    return value if isinstance(value, str) else ""


def _buckets(root: Root, names: set[str]) -> Iterator[Judgement]:
    for bucket in state_buckets(root, names):
        lacking = [each for each in safety_of(root, bucket) if not each.there]
        for each in lacking:
            if each.there is None:
                message = f"It cannot be evaluated whether the state bucket {bucket.address} has a {each.what}."
                yield unknown(message.replace("has a versioning", "has versioning"), bucket.place)
            else:
                yield broken(
                    f"The state bucket {bucket.address} has no {each.what}.", bucket.place, f"Add {each.kind}."
                )
        if not lacking:
            yield kept(f"The state bucket {bucket.address} keeps versions, is encrypted and closed.", bucket.place)


_GOOD = """\
terraform {
  backend "s3" {
    bucket       = "shop-prod-tfstate"
    key          = "prod/shop.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
"""

OPINION = Opinion(
    id="S1",
    title="State in S3, locked, encrypted and versioned, in a bucket of each environment's own.",
    why="State holds secrets and is the only record of what belongs to whom: a lost, broken or shared one costs days. "
    "Without a lock two applies at once break it.",
    mend='Use backend "s3" with bucket, key, region, encrypt = true and use_lockfile = true, all of them literals.',
    source="https://developer.hashicorp.com/terraform/language/backend/s3",
    judge=_judge,
    good={"environments/prod/backend.tf": _GOOD},
    bad={"environments/prod/backend.tf": _GOOD.replace("use_lockfile = true", "use_lockfile = false")},
)
