"""What a jury says."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """domain.md §2.3: a session for one CCP acquires it or not."""

    ACQUIRED = "acquired", "Acquis"
    NOT_ACQUIRED = "not_acquired", "Non acquis"
    ABSENT_EXCUSED = "absent_excused", "Absence justifiée"
    ABSENT_UNEXCUSED = "absent_unexcused", "Absence injustifiée"
