"""Server-graded quizzes: frozen with the path version; the key never leaves the server."""

from typing import Self
from uuid import uuid4

from django.db import models

from courses.catalogue.models import Activity
from courses.pathways.models import Enrolment, PathVersion
from courses.people.models import User
from courses.shared.history import Fact, FactQuerySet


class QuizVersion(Fact):
    """A quiz as it stood when its path was published: questions, key, pass mark (canonical JSON)."""

    APPEND_ONLY = True

    path_version = models.ForeignKey(PathVersion, models.PROTECT, related_name="quizzes")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="quiz_versions")
    content = models.TextField("questions et corrigé")
    pass_percent = models.PositiveSmallIntegerField("seuil de réussite")
    covers_minutes = models.PositiveIntegerField("durée annoncée de la séquence évaluée", default=0)

    class Meta:
        verbose_name = "questionnaire publié"
        verbose_name_plural = "questionnaires publiés"
        constraints = [
            models.UniqueConstraint(fields=["path_version", "activity"], name="quiz_version_unique")
        ]


class QuizAttemptQuerySet(FactQuerySet):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the enrolment."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class QuizAttempt(Fact):
    """One handing-in, graded at once by the server."""

    APPEND_ONLY = True

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="quiz_attempts")
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="attempts")
    answers = models.TextField("réponses")
    score_percent = models.PositiveSmallIntegerField("score")
    passed = models.BooleanField("réussi")

    objects = QuizAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse notée"
        verbose_name_plural = "réponses notées"
        ordering = ["known_at"]
