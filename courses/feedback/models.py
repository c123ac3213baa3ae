"""Who answered, and what was answered: two tables that nothing joins."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from courses.catalogue.models import Module
from courses.people.models import Adviser
from courses.shared.history import Fact

from .enums import Moment


class SurveyParticipation(Fact):
    """An adviser gave his opinion of a module at a moment: that he did, not what he said."""

    APPEND_ONLY = True

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="participations")
    module = models.ForeignKey(Module, models.PROTECT, related_name="participations")
    moment = models.CharField("moment", max_length=6, choices=Moment)

    class Meta:
        verbose_name = "participation"
        constraints = [
            models.UniqueConstraint(
                fields=["adviser", "module", "moment"],
                condition=Q(superseded_at=None),
                name="survey_participation_once",
                violation_error_message="Vous avez déjà donné votre avis. Merci !",
            )
        ]


class SurveyAnswer(models.Model):
    """One anonymous answer. Its key is drawn at random and its day kept to the month: no order tells who wrote it."""

    APPEND_ONLY = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    module = models.ForeignKey(Module, models.PROTECT, related_name="answers")
    moment = models.CharField("moment", max_length=6, choices=Moment)
    questionnaire = models.CharField("version du questionnaire", max_length=20)
    month = models.DateField("mois", help_text="Le premier jour du mois.")
    # {question: note from 1 to 5}, canonical JSON
    marks = models.TextField("notes")
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "réponse anonyme"
        verbose_name_plural = "réponses anonymes"
        indexes = [models.Index(fields=["module", "moment"], name="survey_answer_module")]
