"""Every document that is printed."""

from collections.abc import Sequence

from scaffold.report.documents.adopt import AdoptDocument
from scaffold.report.documents.advise import AdviseDocument
from scaffold.report.documents.catalogue import (
    AnswersDocument,
    OpinionDocument,
    OpinionsDocument,
    PresetDocument,
    PresetsDocument,
)
from scaffold.report.documents.check import CheckDocument
from scaffold.report.documents.cost import CostDocument
from scaffold.report.documents.diff import DiffAllDocument, DiffDocument
from scaffold.report.documents.problems import ErrorDocument
from scaffold.report.documents.render import RenderDocument
from scaffold.report.documents.update import UpdateDocument

Document = (
    RenderDocument
    | CheckDocument
    | DiffDocument
    | DiffAllDocument
    | UpdateDocument
    | AdoptDocument
    | CostDocument
    | AdviseDocument
    | PresetsDocument
    | PresetDocument
    | OpinionsDocument
    | OpinionDocument
    | AnswersDocument
    | ErrorDocument
)


DOCUMENTS: Sequence[type[Document]] = (
    RenderDocument,
    CheckDocument,
    DiffDocument,
    DiffAllDocument,
    UpdateDocument,
    AdoptDocument,
    CostDocument,
    AdviseDocument,
    PresetsDocument,
    PresetDocument,
    OpinionsDocument,
    OpinionDocument,
    AnswersDocument,
    ErrorDocument,
)
