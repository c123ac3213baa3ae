"""The one body that every page has."""

from typing import Any

from wagtail import blocks
from wagtail.fields import StreamField

from .media import DownloadBlock, FigureBlock, VideoBlock
from .quiz import QuizBlock
from .text import CalloutBlock, TextBlock

WORDS, MEDIA, WORK = "Textes", "Médias", "Travail"


class BodyBlock(blocks.StreamBlock):
    """All blocks, by family."""

    text = TextBlock(group=WORDS)
    callout = CalloutBlock(group=WORDS)
    image = FigureBlock(group=MEDIA)
    video = VideoBlock(group=MEDIA)
    download = DownloadBlock(group=MEDIA)
    quiz = QuizBlock(group=WORK)


class BodyField(StreamField):
    """The column of the body. Its blocks stay out of migrations: a label changed there moves no row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(BodyBlock(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
