"""The outbox, the memory of what was done, and idempotency keys."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class OutboxState(models.TextChoices):
    POSTED = "posted", "À faire"
    SENT = "sent", "Fait"
    DEAD = "dead", "Abandonné"


class OutboxEntry(models.Model):
    """One piece of work: a kind, the id of what it is about, and how far it got."""

    kind = models.CharField("nature", max_length=60)
    key = models.CharField("objet", max_length=100)
    state = models.CharField("état", max_length=6, choices=OutboxState, default=OutboxState.POSTED)
    posted_at = models.DateTimeField("posté le", auto_now_add=True)
    due_at = models.DateTimeField("à faire le")
    leased_until = models.DateTimeField("bail jusqu’à", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("fait le", null=True)
    cause = models.TextField("cause du dernier échec", blank=True)

    class Meta:
        verbose_name = "travail à faire"
        verbose_name_plural = "travaux à faire"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_entry_once_per_effect"),
            models.CheckConstraint(
                name="outbox_entry_sent_iff_dated",
                condition=Q(state=OutboxState.SENT, sent_at__isnull=False)
                | (~Q(state=OutboxState.SENT) & Q(sent_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_entry_todo", condition=Q(state="posted")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class IdempotencyKey(models.Model):
    """The answer once given to a form or a call, given again to its repetition (R-30)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    route = models.CharField(max_length=100)
    key = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.TextField(blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "clé d’idempotence"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "route", "key"],
                name="idempotency_key_unique",
                violation_error_message="Cette demande est déjà en cours de traitement.",
            )
        ]
