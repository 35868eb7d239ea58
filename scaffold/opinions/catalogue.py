"""The opinions as documents: the list of all, and what one says."""

from scaffold.errors import ScaffoldError
from scaffold.opinions.engine import NOT_JUDGED, OPINIONS, id_of
from scaffold.report.documents.catalogue import OpinionDocument, OpinionListEntry, OpinionsDocument


def listed() -> OpinionsDocument:
    """Return every opinion, network first; those that cannot be judged with the reason."""
    judged = [OpinionListEntry(opinion.id, True, opinion.title, None) for opinion in OPINIONS]
    others = [OpinionListEntry(key, False, None, reason) for key, reason in NOT_JUDGED.items()]
    return OpinionsDocument(opinions=sorted([*judged, *others], key=lambda entry: _position(entry.id)))


def explained(name: str) -> OpinionDocument:
    """Return what an opinion says.

    Args:
        name: its id, in any case of letters.

    Raises:
        ScaffoldError: there is none of that id, or it is not judged.
    """
    key = name.strip().upper()
    if key in NOT_JUDGED:
        raise ScaffoldError(f"no repository can be judged by {key}: {NOT_JUDGED[key]}.")
    wanted = id_of(name)
    found = next(opinion for opinion in OPINIONS if opinion.id == wanted)
    return OpinionDocument(
        id=found.id,
        title=found.title,
        why=found.why,
        mend=found.mend,
        source=found.source,
        good=dict(found.good),
        bad=dict(found.bad),
    )


def _position(key: str) -> tuple[int, int]:
    """Return where an opinion stands in the list: by its subject, then its number."""
    return "NECLDFS".index(key[0]), int(key[1:])
