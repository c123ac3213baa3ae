"""Lessons read, as traces; and the traces read back, as evidence."""

from collections.abc import Iterator
from datetime import datetime

from courses.catalogue.models import Activity
from courses.people.models import User
from courses.shared import clock
from courses.xapi.enums import EvidenceClass
from courses.xapi.models import Statement
from courses.xapi.rules import Authority
from courses.xapi.services import record_statement
from courses.xapi.vocabulary import VERBS

from .enums import EvidenceKind
from .evidence import EvidenceFact
from .models import Enrolment

_VERB = "read"


def lesson_key(enrolment: Enrolment, activity: Activity) -> str:
    """One reading counts for an enrolment, however often the page is opened."""
    return f"lesson:{enrolment.registration}:{activity.public_id}"


def lesson_read(*, enrolment: Enrolment, activity: Activity, actor: User, at: datetime) -> Statement:
    """« A lu » la leçon: declared by our player (E0), so it never proves a minute."""
    return record_statement(
        verb=_VERB,
        actor=actor,
        object_iri=activity.iri,
        object_name=activity.title,
        object_type="lesson",
        registration=enrolment.registration,
        evidence_class=EvidenceClass.E0,
        authority=Authority.lesson(),
        completion=True,
        organisation=enrolment.path.organisation,
        at=at,
    )


def emit() -> Iterator[EvidenceFact]:
    """Readings again, from the statements of our own player alone."""
    enrolments = dict(Enrolment.objects.values_list("registration", "pk"))
    activities = {
        iri: (pk, module) for iri, pk, module in Activity.objects.values_list("iri", "pk", "module")
    }
    names = dict(Activity.objects.values_list("pk", "public_id"))
    # No key: this server wrote it. Its address then is in the authority's account, and may differ from today's.
    rows = (
        Statement.objects.filter(
            verb__iri=VERBS[_VERB].iri,
            authority__ifi__endswith=f"|{Authority.lesson().name}",
            credential=None,
            evidence_class=EvidenceClass.E0,
            voided_at=None,
        )
        .order_by("seq")
        .values_list("seq", "registration", "activity__iri", "timestamp")
    )
    seen: set[tuple[int, int]] = set()
    for seq, registration, iri, timestamp in rows.iterator(chunk_size=2000):
        enrolment = enrolments.get(registration) if registration else None
        activity = activities.get(iri)
        if enrolment is None or activity is None or (enrolment, activity[0]) in seen:
            continue
        seen.add((enrolment, activity[0]))
        yield EvidenceFact(
            enrolment_id=enrolment,
            module_id=activity[1],
            activity_id=activity[0],
            kind=EvidenceKind.LESSON_READ.value,
            evidence_class=EvidenceClass.E0.value,
            source_key=f"lesson:{registration}:{names[activity[0]]}",
            statement_id=seq,
            valid_on=timestamp.astimezone(clock.PARIS).date(),
            known_at=timestamp,
        )
