"""Titles, blocks (CCP), competencies and the Pix framework: versioned data with their source."""

from django.db import models

from courses.shared.history import Period, period_in_order

from .enums import QualificationKind


class Qualification(Period):
    """A professional title or the Pix certification, valid from a day to another."""

    APPEND_ONLY = True

    kind = models.CharField("nature", max_length=20, choices=QualificationKind)
    code = models.CharField(
        "code", max_length=20, help_text="RNCP… ou RS…, ou le sigle quand le numéro est inconnu."
    )
    title = models.CharField("intitulé", max_length=250)
    level = models.PositiveSmallIntegerField("niveau", null=True)
    source = models.TextField("source")

    class Meta:
        verbose_name = "certification visée"
        verbose_name_plural = "certifications visées"
        constraints = [
            period_in_order("qualification_in_order"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(superseded_at=None), name="qualification_code_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CompetencyBlock(models.Model):
    """Certificat de compétences professionnelles, or the whole of Pix."""

    qualification = models.ForeignKey(Qualification, models.PROTECT, related_name="blocks")
    code = models.CharField("code", max_length=20)
    title = models.CharField("intitulé", max_length=250)

    class Meta:
        verbose_name = "bloc de compétences"
        verbose_name_plural = "blocs de compétences"
        constraints = [
            models.UniqueConstraint(fields=["qualification", "code"], name="competency_block_unique")
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.title}"


class Competency(models.Model):
    """One competence of a block."""

    block = models.ForeignKey(CompetencyBlock, models.PROTECT, related_name="competencies")
    code = models.CharField("code", max_length=10)
    title = models.CharField("intitulé", max_length=250)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "compétence"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["block", "code"], name="competency_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
