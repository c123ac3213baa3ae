"""The paths of the demonstration, authored and published in Wagtail from a data file."""

import json
import struct
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

from cms import api as cms
from courses import api as courses
from courses.models import PathVersion
from courses.shared import clock

from .people import Cast

CONTENT = Path(__file__).parent / "data" / "paths.json"
GUIDES = CONTENT.with_name("guides.json")
CATALOGUE = CONTENT.with_name("catalogue.json")
REMOTE_MINUTES = 60
CONTACT = "assistance@exemple.invalid"
# What the public page of a path says besides.
TOLD = (
    "theme", "mission", "level", "audience", "access_delay", "methods", "assessment", "disability_access",
)  # fmt: skip


def publish_paths(cast: Cast, at: datetime) -> dict[str, PathVersion]:
    """Every path by the first organisation, published by its manager; versions by slug."""
    given = json.loads(CONTENT.read_text(encoding="utf-8"))["paths"]
    author, manager = cast.who("author"), cast.who("organisation_manager")
    cms.settle_groups(manager)
    return {
        path["slug"]: cms.publish_path(
            cms.author_path(organisation=cast.training[0], spec=_path(path), author=author),
            user=manager,
            at=at,
        )
        for path in given
    }


def publish_catalogue(cast: Cast, at: datetime) -> int:
    """The other modules of the catalogue, by both organisations; how many."""
    given = json.loads(CATALOGUE.read_text(encoding="utf-8"))["modules"]
    publisher = cast.who("programme_manager")
    for one in given:
        organisation = cast.training[one["organisation"] % len(cast.training)]
        page = cms.author_path(organisation=organisation, spec=_short_path(one), author=publisher)
        cms.publish_path(page, user=publisher, at=at)
    return len(given)


def _short_path(one: dict[str, Any]) -> cms.PathSpec:
    quiz = cms.QuizSpec(
        title="Vérifiez vos acquis",
        questions=(cms.QuestionSpec(one["question"], (one["right"], one["wrong"]), (0,)),),
    )
    lesson = cms.LessonSpec(
        title=one["lesson"], html=f"<p>{one['text']}</p>", minutes=REMOTE_MINUTES, quiz=quiz
    )
    module = cms.ModuleSpec(
        title=one["title"],
        objectives=one["objective"],
        competences=one["objective"],
        lessons=(lesson,),
        taught_minutes=one["hours"] * 60 - REMOTE_MINUTES,
    )
    return cms.PathSpec(
        title=one["title"],
        objectives=one["objective"],
        contact=CONTACT,
        kind=courses.PathKind.CONTINUING.value,
        theme=one["theme"],
        mission=one["mission"],
        level=one["level"],
        modules=(module,),
    )


def publish_guides(cast: Cast, at: datetime) -> int:
    """The pages of help, by the programme manager."""
    given = json.loads(GUIDES.read_text(encoding="utf-8"))["guides"]
    writer = cast.who("programme_manager")
    cms.settle_groups(writer)
    with clock.travel(at):
        return cms.write_guides([_guide(guide) for guide in given], user=writer)


def _guide(guide: dict[str, Any]) -> cms.GuideSpec:
    below = tuple(_guide(one) for one in guide.get("below", ()))
    html = "".join(guide.get("html", ()))
    return cms.GuideSpec(guide["title"], guide["slug"], guide["lead"], html, below)


def _path(path: dict[str, Any]) -> cms.PathSpec:
    return cms.PathSpec(
        title=path["title"],
        objectives=path["objectives"],
        contact=CONTACT,
        kind=path["kind"],
        html=f"<p>{path['summary']}</p>",
        modules=tuple(_module(module) for module in path["modules"]),
        **{name: path[name] for name in TOLD if name in path},
    )


def _module(module: dict[str, Any]) -> cms.ModuleSpec:
    return cms.ModuleSpec(
        title=module["title"],
        objectives=module["objectives"],
        competences="\n".join(module["competences"]),
        taught_minutes=module["taught_minutes"],
        placement_minutes=module.get("placement_minutes", 0),
        lessons=tuple(_lesson(lesson) for lesson in module["lessons"]),
    )


def _lesson(lesson: dict[str, Any]) -> cms.LessonSpec:
    return cms.LessonSpec(
        title=lesson["title"],
        html="".join(f"<p>{paragraph}</p>" for paragraph in lesson["paragraphs"]),
        minutes=lesson["minutes"],
        callout=lesson["callout"],
        quiz=_quiz(lesson["quiz"]) if "quiz" in lesson else None,
        image=(_png(), "Trois panneaux : urgence, peur, gain", "Les trois ressorts d’une arnaque.")
        if lesson.get("image")
        else None,
        video=(
            "Les trois signaux en une minute",
            "https://video.exemple.invalid/trois-signaux",
            "Une arnaque presse, effraie ou promet. Quand un message fait l’une de ces trois choses, ralentissez.",
        )
        if lesson.get("video")
        else None,
        download=(
            "aide-memoire.txt",
            "Urgence, peur ou gain : je m’arrête, je vérifie par un autre chemin, j’en parle.\n".encode(),
            "Aide-mémoire à distribuer",
        )
        if lesson.get("download")
        else None,
    )


def _quiz(quiz: dict[str, Any]) -> cms.QuizSpec:
    return cms.QuizSpec(
        title=quiz["title"],
        pass_percent=quiz["pass_percent"],
        questions=tuple(
            cms.QuestionSpec(
                text=question["text"],
                choices=tuple(text for text, _ in question["choices"]),
                correct=tuple(rank for rank, (_, right) in enumerate(question["choices"]) if right),
                feedback=question["feedback"],
            )
            for question in quiz["questions"]
        ),
    )


def _png(width: int = 960, height: int = 320) -> bytes:
    """Three plain panels side by side: a picture of our own, without a drawing library."""
    colours = ((0xC9, 0x19, 0x1E), (0xB3, 0x40, 0x00), (0x00, 0x00, 0x91))
    gap, panel = 24, width // 3
    row = bytearray([0])
    for x in range(width):
        inside = gap // 2 <= x % panel < panel - gap // 2
        row += bytes(colours[x // panel] if inside else (0xFF, 0xFF, 0xFF))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(row) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
