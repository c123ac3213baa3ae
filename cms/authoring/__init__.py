"""A whole path written at once, as an author would page by page: for the demo and for the tests."""

from .picture import demo_picture
from .publishing import publish_path
from .specs import LessonSpec, ModuleSpec, PathSpec, QuestionSpec, QuizSpec, SetSpec
from .writing import author_path

__all__ = [
    "LessonSpec", "ModuleSpec", "PathSpec", "QuestionSpec", "QuizSpec", "SetSpec", "author_path", "demo_picture",
    "publish_path",
]  # fmt: skip
