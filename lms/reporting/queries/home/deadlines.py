"""The learners of an organisation whose deadline is near or past."""

from dataclasses import dataclass
from datetime import date, timedelta

from courses import api as courses
from courses.api import PathStructure
from courses.models import Enrolment, PathVersion, VersionAdoption

NEAR = timedelta(days=30)


@dataclass(frozen=True)
class AtRisk:
    """A learner, his path, and the soonest deadline of what is not done."""

    enrolment: Enrolment
    due_on: date
    proved_minutes: int
    required_minutes: int
    late: bool


def learners_at_risk(organisations: set[int], today: date) -> list[AtRisk]:
    """Only versions that set a deadline are read, in a fixed number of queries; the most urgent first."""
    versions = PathVersion.objects.filter(path__organisation__in=organisations)
    timed = {version.pk for version in versions if _has_deadline(courses.structure_of(version))}
    if not timed:
        return []
    adopted = VersionAdoption.objects.known().filter(path_version__in=timed).values("enrolment")
    known = Enrolment.objects.known().select_related("path", "adviser__user").with_versions()
    enrolments = [
        row
        for row in known.filter(path_version__in=timed) | known.filter(pk__in=adopted)
        if row.version.pk in timed
    ]
    outcomes = courses.path_outcomes(enrolments)
    found = [
        AtRisk(row, due, outcome.proved_minutes, outcome.required_minutes, due < today)
        for row in enrolments
        if not (outcome := outcomes[row.pk]).done and (due := outcome.next_due_on) and due <= today + NEAR
    ]
    return sorted(found, key=lambda line: (line.due_on, line.enrolment.pk))


def _has_deadline(structure: PathStructure) -> bool:
    return (
        structure.due_days is not None
        or any(module.due_days is not None for module in structure.modules)
        or any(held.due_days is not None for held in structure.root.sets())
    )
