"""The door, functions: what the roof may ask of the pages."""

from .authoring import (
    LessonSpec,
    ModuleSpec,
    PathSpec,
    QuestionSpec,
    QuizSpec,
    SetSpec,
    author_path,
    demo_picture,
    publish_path,
)
from .hooks.access import settle_groups
from .pages.directory import OrganisationContacts, PlanLine, organisation_contacts, site_pages
from .pages.guides import GuideSpec, write_guides
from .pages.version import site_version
from .player.queries import ModuleSteps, Step, next_step, steps_of
from .publishing.desk import EditorLine, drafts_of, pages_to_approve, sent_back_to
from .publishing.errors import FrozenMediaError, FrozenPageError, UnfinishedPageError
from .publishing.portable.errors import PathFileError
from .publishing.portable.exporting import export_path, portable_hash
from .publishing.portable.importing import import_path
from .publishing.services import freeze_path, open_space

__all__ = [
    "EditorLine", "FrozenMediaError", "FrozenPageError", "GuideSpec", "LessonSpec", "ModuleSpec", "ModuleSteps",
    "OrganisationContacts", "PathFileError", "PathSpec", "PlanLine", "QuestionSpec", "QuizSpec", "SetSpec", "Step",
    "UnfinishedPageError", "author_path", "demo_picture", "drafts_of", "export_path", "freeze_path", "import_path",
    "next_step", "open_space", "organisation_contacts", "pages_to_approve", "portable_hash", "publish_path",
    "sent_back_to", "settle_groups", "site_pages", "site_version", "steps_of", "write_guides",
]  # fmt: skip
