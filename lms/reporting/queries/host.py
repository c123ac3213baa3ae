"""What a host structure reads of its own advisers: progress, absences, deadlines, certification, next sessions.

Never a mark of a quiz, a word of a jury, an accommodation, a cause of absence or a statement.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from certification import api as certification
from certification.models import Candidacy
from courses import api as courses
from courses.api import Presence, Role
from courses.models import Adviser, AttendanceMark, Enrolment, SessionRegistration, TrainingSession, User

MISSED = (Presence.ABSENT.value, Presence.EXCUSED.value)


@dataclass(frozen=True)
class HostRow:
    """One adviser of the structure, in one line."""

    adviser: Adviser
    path: str
    proved_minutes: int
    required_minutes: int
    absences: int
    unexcused: int
    due_on: date | None
    late: bool
    certification_badge: str
    certification: str
    next_session: TrainingSession | None

    @property
    def enrolled(self) -> bool:
        return bool(self.path)


@dataclass(frozen=True)
class HostPath:
    """One path of an adviser, module by module."""

    enrolment: Enrolment
    outcome: courses.PathOutcome


@dataclass(frozen=True)
class HostAdviser:
    """The page of one adviser."""

    row: HostRow
    paths: tuple[HostPath, ...]
    absences: tuple[AttendanceMark, ...]
    sessions: tuple[TrainingSession, ...]


def advisers_of_host(user: User, today: date) -> list[Adviser]:
    """Those who hold today a post of the structures that `user` manages; never himself."""
    if not user.rights.organisations_as(Role.HOST_MANAGER):
        return []
    visible = Adviser.objects.visible_to(user).exclude(user=user)
    return list(visible.select_related("user").order_by("user__last_name", "user__first_name", "number"))


def host_rows(advisers: Iterable[Adviser], today: date) -> list[HostRow]:
    """One line each, those who are late first, then by deadline."""
    rows = [line for line, _ in _read(list(advisers), today)]
    return sorted(rows, key=lambda row: (not row.late, row.due_on or date.max, str(row.adviser)))


def host_adviser(adviser: Adviser, today: date) -> HostAdviser:
    """His line, opened."""
    ((row, paths),) = _read([adviser], today)
    missed = (
        AttendanceMark.objects.filter(adviser=adviser, presence__in=MISSED)
        .select_related("sheet__session")
        .order_by("-day", "half_day", "pk")
    )
    coming = _coming([adviser], today).get(adviser.pk, [])
    return HostAdviser(row, tuple(paths), tuple(missed), tuple(coming))


def _read(advisers: list[Adviser], today: date) -> list[tuple[HostRow, list[HostPath]]]:
    enrolments = list(
        Enrolment.objects.known()
        .filter(adviser__in=advisers)
        .with_versions()
        .select_related("path__organisation", "path_version")
        .order_by("valid_on", "pk")
    )
    outcomes = courses.path_outcomes(enrolments)
    paths: dict[int, list[HostPath]] = defaultdict(list)
    for enrolment in enrolments:
        paths[enrolment.adviser_id].append(HostPath(enrolment, outcomes[enrolment.pk]))
    missed: Counter[tuple[int, str]] = Counter(
        AttendanceMark.objects.filter(adviser__in=advisers, presence__in=MISSED).values_list(
            "adviser", "presence"
        )
    )
    certified = certification.certified_advisers(today)
    candidates = set(
        Candidacy.objects.as_of(today).filter(adviser__in=advisers).values_list("adviser", flat=True)
    )
    coming = _coming(advisers, today)
    found = []
    for adviser in advisers:
        held = paths.get(adviser.pk, [])
        under_way = [one for one in held if not one.outcome.done]
        due_on = min((due for one in under_way if (due := one.outcome.next_due_on)), default=None)
        unexcused = missed[adviser.pk, Presence.ABSENT.value]
        badge, label = _certification(certified.get(adviser.pk), adviser.pk in candidates)
        row = HostRow(
            adviser=adviser,
            path=(under_way or held)[-1].enrolment.path.title if held else "",
            proved_minutes=sum(one.outcome.proved_minutes for one in held),
            required_minutes=sum(one.outcome.required_minutes for one in held),
            absences=unexcused + missed[adviser.pk, Presence.EXCUSED.value],
            unexcused=unexcused,
            due_on=due_on,
            late=due_on is not None and due_on < today,
            certification_badge=badge,
            certification=label,
            next_session=next(iter(coming.get(adviser.pk, [])), None),
        )
        found.append((row, held))
    return found


def _certification(since: date | None, candidate: bool) -> tuple[str, str]:
    if since:
        return "passed", f"Certifié depuis le {since:%d/%m/%Y}"
    return ("in_progress", "Certification en cours") if candidate else ("todo", "Pas encore candidat")


def _coming(advisers: list[Adviser], today: date) -> dict[int, list[TrainingSession]]:
    """The sessions where each is expected, the nearest first."""
    rows = (
        SessionRegistration.objects.known()
        .filter(enrolment__adviser__in=advisers, session__end__gte=today)
        .select_related("session", "enrolment")
        .order_by("session__start", "pk")
    )
    found: dict[int, list[TrainingSession]] = defaultdict(list)
    for row in rows:
        found[row.enrolment.adviser_id].append(row.session)
    return found
