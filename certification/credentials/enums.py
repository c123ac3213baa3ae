"""Certification as one derived state, and why a credential stops holding."""

from django.db.models import TextChoices


class CertificationState(TextChoices):
    """Derived from decisions and results, never stored."""

    NOT_CANDIDATE = "not_candidate", "Non candidat"
    IN_PROGRESS = "in_progress", "Certification en cours"
    CERTIFIED = "certified", "Certifié"


class PartState(TextChoices):
    """How far one part of the certification is."""

    NOT_CANDIDATE = "not_candidate", "Non candidat"
    CANDIDATE = "candidate", "Candidature ouverte"
    SUMMONED = "summoned", "Convoqué"
    AWAITING_VALIDATION = "awaiting_validation", "En attente du ministère"
    REFUSED = "refused", "Non acquis"
    ACQUIRED = "acquired", "Acquis"


class RevocationReason(TextChoices):
    """What the public page may say; any other reason shows as « autre motif »."""

    ISSUED_IN_ERROR = "issued_in_error", "délivrée par erreur"
    DECISION_CORRECTED = "decision_corrected", "décision de certification corrigée"
    HOLDER_REQUEST = "holder_request", "à la demande de son titulaire"
    FRAUD = "fraud", "fraude établie"
    KEY_COMPROMISED = "key_compromised", "clé de signature compromise"
    OTHER = "other", "autre motif"


class VerificationState(TextChoices):
    """The plain answer of the public page."""

    VALID = "valid", "Valide"
    REVOKED = "revoked", "Révoquée"
    ALTERED = "altered", "Altérée"
    UNKNOWN = "unknown", "Inconnue"
