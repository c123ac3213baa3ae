"""The one body that every page has."""

from wagtail import blocks

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
