"""The door, functions: what the roof may ask of the pages."""

from .authoring import (
    LessonSpec,
    ModuleSpec,
    PathSpec,
    QuestionSpec,
    QuizSpec,
    author_path,
    demo_picture,
    publish_path,
)
from .hooks.access import settle_groups
from .player.queries import ModuleSteps, Step, next_step, steps_of
from .publishing.errors import FrozenMediaError, FrozenPageError, UnfinishedPageError
from .publishing.services import freeze_path, open_space

__all__ = [
    "FrozenMediaError", "FrozenPageError", "LessonSpec", "ModuleSpec", "ModuleSteps", "PathSpec", "QuestionSpec",
    "QuizSpec", "Step", "UnfinishedPageError", "author_path", "demo_picture", "freeze_path", "next_step", "open_space",
    "publish_path", "settle_groups", "steps_of",
]  # fmt: skip
