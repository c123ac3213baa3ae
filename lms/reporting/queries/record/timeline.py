"""The facts of a record as French sentences, the latest first."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from courses.models import Adviser, Evidence
from courses.shared.durations import spoken
from lms.reporting.links import link
from lms.reporting.sentences import quoted, sentence

# As the address writes them: training followed, proofs, attestations and decisions, rights.
KINDS = {
    "parcours": "Parcours",
    "activites": "Activités",
    "certification": "Certification",
    "droits": "Droits",
}
_COLOURS = {"parcours": "fact", "activites": "evidence", "certification": "decision", "droits": "money"}


@dataclass(frozen=True)
class Event:
    """One sentence, with the day it was true and the instant it was known."""

    valid_on: date
    known_at: datetime
    theme: str
    title: str
    text: str = ""
    evidence_class: str = ""
    minutes: int = 0
    url: str = ""
    link: str = ""

    @property
    def kind(self) -> str:
        """The colour of the shared timeline."""
        return _COLOURS[self.theme]

    @property
    def label(self) -> str:
        return KINDS[self.theme]


def events_of(adviser: Adviser, lists: dict[str, list[Any]], traces: Iterable[Evidence]) -> tuple[Event, ...]:
    """Every fact of the record, the latest first."""
    events = [
        *_enrolments(lists),
        *(_activity(adviser, row) for row in traces),
        *_certification(lists),
        *_rights(lists),
    ]
    return tuple(
        sorted(events, key=lambda event: (event.valid_on, event.known_at, event.title), reverse=True)
    )


def _enrolments(lists: dict[str, list[Any]]) -> Iterator[Event]:
    for row in lists["enrolments"]:
        yield Event(
            row.valid_on, row.known_at, "parcours", f"Inscription au parcours {quoted(row.path.title)}",
            f"{row.path.organisation.name}, version {row.path_version.number}", url=link("enrolment", row.registration),
        )  # fmt: skip
    paths = {row.pk: row.path.title for row in lists["enrolments"]}
    for row in lists["adoptions"]:
        title = f"Nouvelle version acceptée\u00a0: {quoted(paths[row.enrolment_id])}"
        yield Event(row.valid_on, row.known_at, "parcours", title, f"version {row.path_version.number}")
    for row in lists["certificates"]:
        yield Event(
            row.valid_on, row.known_at, "parcours", f"Certificat de réalisation {row.number} délivré",
            f"{row.module.title}, {spoken(row.minutes)}", url=link("certificate", row.public_id),
            link="Ouvrir le certificat",
        )  # fmt: skip


def _activity(adviser: Adviser, row: Evidence) -> Event:
    """The trace itself when there is one, in its own sentence; else what the proof says."""
    if row.statement is not None:
        body = json.loads(row.statement.raw, parse_float=Decimal)
        title = sentence(
            body, person=str(adviser), thing=row.activity.title, seconds=row.statement.duration_seconds,
            site=settings.LMS_PUBLIC_URL,
        )  # fmt: skip
    else:
        title = f"{row.get_kind_display()}\u00a0: {row.activity.title}"
    counted = f"{spoken(row.minutes)} prouvées" if row.minutes else "aucune durée comptée"
    text = f"{row.module.title}, {counted}"
    return Event(row.valid_on, row.known_at, "activites", title, text, row.evidence_class, row.minutes)


def _certification(lists: dict[str, list[Any]]) -> Iterator[Event]:
    page = link("candidacies")
    for row in lists["candidacies"]:
        title = f"Candidature ouverte\u00a0: {row.block.code}"
        yield Event(row.valid_on, row.known_at, "certification", title, row.block.title, url=page)
    for row in lists["sittings"]:
        title = f"Convocation devant le jury, session {row.exam_session.reference}"
        yield Event(row.valid_on, row.known_at, "certification", title, row.exam_session.place)
    listed = _validated(lists)
    for row in lists["decisions"]:
        # A decision that the ministry has not validated has no effect: it is not his to read yet.
        if (on := listed.get(str(row.public_id))) is None:
            continue
        title = (
            f"Décision du jury, {row.sitting.candidacy.block.code}\u00a0: {row.get_outcome_display().lower()}"
        )
        text = f"procès-verbal validé le {on:%d/%m/%Y}"
        yield Event(row.valid_on, row.known_at, "certification", title, text, "E3")
    for row in lists["results"]:
        title = f"Certification Pix {row.get_status_display().lower()}"
        yield Event(row.valid_on, row.known_at, "certification", title, row.get_origin_display(), "E4")
    for row in lists["credentials"]:
        yield Event(
            row.valid_on, row.known_at, "certification", "Attestation de certification délivrée",
            f"code {row.code}", url=link("verify_code", row.code), link="Vérifier",
        )  # fmt: skip
    for row in lists["revocations"]:
        yield Event(row.valid_on, row.known_at, "certification", "Attestation révoquée", row.reason)


def _validated(lists: dict[str, list[Any]]) -> dict[str, date]:
    """Decision → the day the report that lists it was validated."""
    validated = {row.report_id: row.valid_on for row in lists["validations"]}
    return {
        line["decision"]: validated[report.pk]
        for report in lists["reports"]
        if report.pk in validated
        for line in json.loads(report.content)["decisions"]
    }


def _rights(lists: dict[str, list[Any]]) -> Iterator[Event]:
    for row in lists["rights"]:
        word = "accordé" if row.granted else "refusé"
        title = f"Financement {word}\u00a0: {quoted(row.enrolment.path.title)}"
        text = f"{row.get_kind_display()} {row.year}, règle {row.rule_set}"
        yield Event(row.valid_on, row.known_at, "droits", title, text)
