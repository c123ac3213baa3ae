"""The audit trail (R-55): one gapless chain of hashes for each domain."""

from django.db import models

from .enums import Chain


class AuditChain(models.Model):
    """The head of one chain; its row is the lock under which sequence numbers are taken."""

    name = models.CharField(max_length=10, choices=Chain, primary_key=True)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "chaîne d’audit"


class AuditEntry(models.Model):
    """One act. Actor and object are opaque text, so that no erasure ever touches the chain."""

    APPEND_ONLY = True

    chain = models.CharField("chaîne", max_length=10, choices=Chain)
    sequence = models.BigIntegerField("numéro")
    at = models.DateTimeField("le")
    action = models.CharField("action", max_length=60)
    actor = models.CharField("auteur", max_length=40)
    real_actor = models.CharField("auteur réel", max_length=40, blank=True)
    role = models.CharField("rôle", max_length=40, blank=True)
    organisation = models.CharField("organisation", max_length=40, blank=True)
    object_type = models.CharField("objet", max_length=60)
    object_id = models.CharField("identifiant", max_length=64)
    object_seal = models.CharField("empreinte de l’objet", max_length=64, blank=True)
    after = models.TextField("contenu", blank=True)
    reason = models.TextField("motif", blank=True)
    request_id = models.CharField("requête", max_length=64, blank=True)
    previous_hash = models.CharField("empreinte précédente", max_length=64, blank=True)
    hash = models.CharField("empreinte", max_length=64)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "trace d’audit"
        ordering = ["chain", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_entry_sequence_unique")
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_entry_object"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence} {self.action}"
