"""The one body that every page has."""

from typing import Any

from wagtail import blocks
from wagtail.fields import StreamField

from .media import AudioBlock, DownloadBlock, FigureBlock, VideoBlock
from .quiz import QuizBlock
from .session import LiveSessionBlock
from .table import TableBlock
from .text import AccordionBlock, CalloutBlock, StepsBlock, TextBlock

WORDS, MEDIA, WORK = "Textes", "Médias", "Travail"


class BodyBlock(blocks.StreamBlock):
    """All blocks, by family."""

    text = TextBlock(group=WORDS)
    callout = CalloutBlock(group=WORDS)
    steps = StepsBlock(group=WORDS)
    accordion = AccordionBlock(group=WORDS)
    table = TableBlock(group=WORDS)
    image = FigureBlock(group=MEDIA)
    video = VideoBlock(group=MEDIA)
    audio = AudioBlock(group=MEDIA)
    download = DownloadBlock(group=MEDIA)
    quiz = QuizBlock(group=WORK)
    live_session = LiveSessionBlock(group=WORK)


class BodyField(StreamField):
    """The column of the body. Its blocks stay out of migrations: a label changed there moves no row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(BodyBlock(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
