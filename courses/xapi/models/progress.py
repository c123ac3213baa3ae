"""What the statements add up to: rebuilt from them at any time."""

from django.db import models

from .names import XapiActivity, XapiActor


class XapiProgress(models.Model):
    """One actor, one activity, as told by one authority. Counts and extremes only: arrival order is nothing."""

    actor = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    activity = models.ForeignKey(XapiActivity, models.PROTECT, related_name="+", db_index=False)
    authority = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    statements = models.IntegerField("traces")
    first_at = models.DateTimeField("première le")
    last_at = models.DateTimeField("dernière le")
    completed_at = models.DateTimeField("achevée le", null=True)
    passed_at = models.DateTimeField("réussie le", null=True)
    failed_at = models.DateTimeField("échouée le", null=True)
    best_score_millionths = models.IntegerField("meilleur score, en millionièmes", null=True)
    duration_seconds = models.BigIntegerField("durée déclarée, en secondes")

    class Meta:
        verbose_name = "avancement déclaré"
        constraints = [
            models.UniqueConstraint(fields=["actor", "activity", "authority"], name="xapi_progress_unique")
        ]
        indexes = [models.Index(fields=["authority", "activity"], name="xapi_progress_authority")]
