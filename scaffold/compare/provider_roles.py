"""Comparing the AWS provider's settings: the tags that everything gets."""

from scaffold.compare.difference import AttributeDifference, ResourceDifference, ResourceStatus, Side
from scaffold.evaluate.displayed import displayed
from scaffold.evaluate.root import Place, Root
from scaffold.hcl import Block
from scaffold.repository.model import Repository


def compare_providers(rendered: Repository, ours: Root, there: Repository, theirs: Root) -> ResourceDifference | None:
    """Return which default tags of the rendered provider a root module's provider lacks; what they say is its own.

    Nothing is returned where it lacks none, or where the root module has no provider of its own to lack them.
    """
    one, other = provider_of(rendered, ours), provider_of(there, theirs)
    if one is None or other is None:
        return None
    keys = {key.lower() for key in theirs.default_tags if isinstance(key, str)}
    # Tags that are there and of which none is known may be any.
    known = bool(theirs.default_tags) == bool(other[1].body.blocks_of("default_tags")) and all(
        isinstance(key, str) for key in theirs.default_tags
    )
    place = _tags_place(one)
    attributes = tuple(
        AttributeDifference(f"default_tags.{key}", Side(displayed(value), place), None, known)
        for key, value in ours.default_tags.items()
        if isinstance(key, str) and key.lower() not in keys
    )
    if not attributes:
        return None
    return ResourceDifference(
        address=f"{theirs.path}: provider.aws",
        status=ResourceStatus.CHANGED if known else ResourceStatus.UNKNOWN,
        place=Place(other[0], other[1].line),
        attributes=attributes,
        rendered_address=f"{ours.path}: provider.aws",
        reason="" if known else "its default tags cannot be evaluated",
    )


def provider_of(repository: Repository, root: Root) -> tuple[str, Block] | None:
    """Return a root module's AWS provider without an alias: its file and block."""
    module = next((each for each in repository.modules if each.path == root.path), None)
    blocks = module.blocks("provider") if module else ()
    return next(
        (each for each in blocks if each[1].labels == ("aws",) and each[1].body.attribute("alias") is None), None
    )


def _tags_place(provider: tuple[str, Block]) -> Place:
    path, block = provider
    tags = block.body.block("default_tags")
    return Place(path, tags.line if tags is not None else block.line)
