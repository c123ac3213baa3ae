"""The record store's rows in their final shape: raw text kept as served, narrow columns beside it."""

from uuid import uuid4

from django.db import models

from courses.people.models import Organisation

from .enums import EvidenceClass


class XapiActor(models.Model):
    """An agent or group, interned by its inverse functional identifier."""

    ifi = models.CharField(max_length=500, unique=True)

    class Meta:
        verbose_name = "acteur xAPI"

    def __str__(self) -> str:
        return self.ifi


class XapiVerb(models.Model):
    """A verb, interned by its IRI."""

    iri = models.CharField(max_length=500, unique=True)

    class Meta:
        verbose_name = "verbe xAPI"

    def __str__(self) -> str:
        return self.iri


class XapiActivity(models.Model):
    """An activity, interned by its IRI, with the definition merged so far (JSON text)."""

    iri = models.CharField(max_length=1000, unique=True)
    definition = models.TextField(default="{}")

    class Meta:
        verbose_name = "activité xAPI"

    def __str__(self) -> str:
        return self.iri


class LrsKey(models.Model):
    """A credential of the record store: bound to an organisation, hashed, scoped, revocable."""

    key = models.CharField(max_length=40, unique=True)
    secret_hash = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="lrs_keys")
    scopes = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        verbose_name = "clé du magasin de traces"


class Statement(models.Model):
    """One trace. `raw` is the canonical JSON exactly as served, never decoded on read."""

    APPEND_ONLY = True
    CLOSING_COLUMNS = ("voided_at",)

    seq = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True)
    stored = models.DateTimeField()
    timestamp = models.DateTimeField()
    actor = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    verb = models.ForeignKey(XapiVerb, models.PROTECT, related_name="+", db_index=False)
    activity = models.ForeignKey(XapiActivity, models.PROTECT, null=True, related_name="+", db_index=False)
    target = models.UUIDField("trace visée", null=True)
    registration = models.UUIDField(null=True)
    success = models.BooleanField(null=True)
    completion = models.BooleanField(null=True)
    score_millionths = models.IntegerField("score réduit, en millionièmes", null=True)
    duration_seconds = models.BigIntegerField(null=True)
    authority = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    credential = models.ForeignKey(LrsKey, models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False
    )
    evidence_class = models.CharField("classe de preuve", max_length=2, choices=EvidenceClass)
    version = models.CharField(max_length=8)
    raw = models.TextField()
    received_hash = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "trace d’apprentissage"
        verbose_name_plural = "traces d’apprentissage"
        indexes = [
            models.Index(fields=["actor", "seq"], name="statement_actor_seq"),
            models.Index(fields=["verb", "seq"], name="statement_verb_seq"),
            models.Index(fields=["activity", "seq"], name="statement_activity_seq"),
            models.Index(fields=["actor", "verb", "seq"], name="statement_actor_verb_seq"),
            models.Index(fields=["registration", "seq"], name="statement_registration_seq"),
            models.Index(
                fields=["target"], name="statement_target", condition=models.Q(target__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class StatementActor(models.Model):
    """Every agent a statement names, by role: the related_agents filter."""

    actor = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=12)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="actor_links")

    class Meta:
        indexes = [models.Index(fields=["actor", "role", "statement"], name="statement_actor_link")]


class StatementActivity(models.Model):
    """Every activity a statement names, by role: the related_activities filter."""

    activity = models.ForeignKey(XapiActivity, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=12)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="activity_links")

    class Meta:
        indexes = [models.Index(fields=["activity", "role", "statement"], name="statement_activity_link")]
