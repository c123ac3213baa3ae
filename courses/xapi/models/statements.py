"""The record store's rows in their final shape: raw text kept as served, narrow columns beside it."""

from uuid import uuid4

from django.db import models

from courses.people.models import Organisation
from courses.shared.models import StoredFile
from courses.xapi.enums import EvidenceClass

from .keys import LrsKey
from .names import XapiActivity, XapiActor, XapiVerb
from .sight import OfOrganisationQuerySet


class StoreHeadManager(models.Manager["StoreHead"]):
    def hold(self) -> None:
        """Wait for the writers before us, and keep those after us waiting until this transaction ends."""
        self.select_for_update(of=("self",)).filter(pk=1).first()


class StoreHead(models.Model):
    """Where the store stands. Its one row is the lock under which sequence numbers and `stored` are given.

    A writer holds it until it commits, so no number becomes visible before a smaller one (INV-10), and a number that
    is missing is a statement that was taken away.
    """

    sequence = models.BigIntegerField(default=0)
    stored = models.DateTimeField()
    projected = models.BigIntegerField("dernier numéro compté dans l’avancement", default=0)
    voids = models.BigIntegerField("annulations faites", default=0)
    unmet_voids = models.IntegerField("annulations dont la trace n’est pas encore venue", default=0)

    objects = StoreHeadManager()

    class Meta:
        verbose_name = "tête du magasin de traces"


class Statement(models.Model):
    """One trace.

    `raw` is the JSON exactly as served: the text received, then what the server sets. When the received text could
    not be kept as a prefix (it named its own `stored`, say), `received` holds it whole.
    """

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
    received = models.TextField(null=True)
    received_hash = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True)

    objects = OfOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "trace d’apprentissage"
        verbose_name_plural = "traces d’apprentissage"
        indexes = [
            models.Index(fields=["actor", "seq"], name="statement_actor_seq"),
            models.Index(fields=["verb", "seq"], name="statement_verb_seq"),
            models.Index(fields=["activity", "seq"], name="statement_activity_seq"),
            models.Index(fields=["actor", "verb", "seq"], name="statement_actor_verb_seq"),
            models.Index(fields=["organisation", "seq"], name="statement_organisation_seq"),
            models.Index(fields=["authority", "seq"], name="statement_authority_seq"),
            models.Index(
                fields=["registration", "seq"],
                name="statement_registration_seq",
                condition=models.Q(registration__isnull=False),
            ),
            models.Index(
                fields=["target"], name="statement_target", condition=models.Q(target__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class StatementErasure(models.Model):
    """What remains of a statement that the law made us erase: its number, its hash, when and why."""

    APPEND_ONLY = True

    seq = models.BigIntegerField(primary_key=True)
    uuid = models.UUIDField()
    stored = models.DateTimeField()
    received_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField("effacée le")
    reason = models.TextField("motif")

    class Meta:
        verbose_name = "effacement d’une trace"


class StatementActor(models.Model):
    """An agent that a statement names otherwise than as its actor or authority: the related_agents filter."""

    actor = models.ForeignKey(XapiActor, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=12)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="actor_links")

    class Meta:
        indexes = [models.Index(fields=["actor", "role", "statement"], name="statement_actor_link")]


class StatementActivity(models.Model):
    """An activity that a statement names otherwise than as its object: the related_activities filter."""

    activity = models.ForeignKey(XapiActivity, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=12)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="activity_links")

    class Meta:
        indexes = [models.Index(fields=["activity", "role", "statement"], name="statement_activity_link")]


class StatementAttachment(models.Model):
    """The payload of an attachment: its bytes are a stored file, kept once whatever the number of statements."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="attachments")
    sha2 = models.CharField(max_length=128)
    content_type = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce jointe d’une trace"
        constraints = [
            models.UniqueConstraint(fields=["statement", "sha2"], name="statement_attachment_unique")
        ]
