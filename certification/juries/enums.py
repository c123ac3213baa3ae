"""What a jury says."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """domain.md §2.3: a session for one CCP acquires it or not."""

    ACQUIRED = "acquired", "Acquis"
    NOT_ACQUIRED = "not_acquired", "Non acquis"
    ABSENT_EXCUSED = "absent_excused", "Absence justifiée"
    ABSENT_UNEXCUSED = "absent_unexcused", "Absence injustifiée"


class Appraisal(TextChoices):
    """What a member says of one competence."""

    ACQUIRED = "acquired", "Acquise"
    NOT_ACQUIRED = "not_acquired", "Non acquise"


class SittingState(TextChoices):
    """Derived, never stored: how far the jury is with one candidate."""

    TO_HEAR = "to_hear", "À entendre"
    IN_DELIBERATION = "in_deliberation", "En délibération"
    DECIDED = "decided", "Décision signée"


PRESENT = frozenset({Outcome.ACQUIRED.value, Outcome.NOT_ACQUIRED.value})
