"""How repositories differ from what their answers render."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scaffold.report.documents.problems import ProblemEntry
from scaffold.report.documents.verification import FindingEntry, OpinionEntry

if TYPE_CHECKING:
    from scaffold.compare.difference import AttributeDifference, ResourceDifference
    from scaffold.compare.files import FileComparison


@dataclass(frozen=True, slots=True)
class FileComparisonEntry:
    """One file and how it stands to the one that is rendered; `note` says what is to be said besides, or is empty."""

    path: str
    status: str
    note: str

    @classmethod
    def of(cls, file: "FileComparison") -> "FileComparisonEntry":
        """Return a comparison's entry."""
        return cls(file.path, str(file.status), file.note)


@dataclass(frozen=True, slots=True)
class AttributeEntry:
    """An argument or nested block that differs: both sides as they are written, and where.

    What is null is not there. `known` is false where a side cannot be evaluated, so that the two may be the same.
    """

    path: str
    rendered: str | None
    there: str | None
    rendered_file: str | None
    rendered_line: int | None
    file: str | None
    line: int | None
    known: bool

    @classmethod
    def of(cls, attribute: "AttributeDifference") -> "AttributeEntry":
        """Return an attribute's entry."""
        rendered, there = attribute.rendered, attribute.there
        return cls(
            path=attribute.path,
            rendered=rendered.text if rendered else None,
            there=there.text if there else None,
            rendered_file=rendered.place.file if rendered else None,
            rendered_line=rendered.place.line if rendered else None,
            file=there.place.file if there else None,
            line=there.place.line if there else None,
            known=attribute.known,
        )


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    """A resource, data source, module, variable, output, provider or Kubernetes object that differs.

    `file` and `line` are those there, or of one that is missing, those in the rendering. `rendered_address` is empty
    where both have the same address.
    """

    address: str
    status: str
    file: str
    line: int
    rendered_address: str
    attributes: list[AttributeEntry]

    @classmethod
    def of(cls, resource: "ResourceDifference") -> "ResourceEntry":
        """Return a resource's entry."""
        attributes = [AttributeEntry.of(attribute) for attribute in resource.attributes]
        place = resource.place
        return cls(
            resource.address, str(resource.status), place.file, place.line, resource.rendered_address, attributes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffDocument:
    """What `scaffold diff` found.

    `differs` says whether a file or a resource is other than what is rendered; opinions have no say in it.
    `compared_by` says how resources were matched: by address where scaffold wrote the repository, else by the role they
    play. `problems`
    are what could not be read, and lines `scaffold:skip` that skip nothing.
    """

    kind: Literal["diff"] = "diff"
    target: str
    differs: bool
    compared_by: Literal["address", "role"]
    files: list[FileComparisonEntry]
    resources: list[ResourceEntry]
    opinions: list[OpinionEntry]
    problems: list[FindingEntry]
    warnings: list[ProblemEntry]


@dataclass(frozen=True, slots=True)
class RepositoryEntry:
    """One repository of `scaffold diff --all`: its folder's name, and what was found or why nothing could be."""

    name: str
    diff: DiffDocument | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffAllDocument:
    """What `scaffold diff --all` found, in the order of the folders' names."""

    kind: Literal["diff-all"] = "diff-all"
    target: str
    repositories: list[RepositoryEntry]
