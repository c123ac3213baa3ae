"""Routes to a qualification."""

from django.db.models import TextChoices


class CandidacyRoute(TextChoices):
    TRAINING = "training", "Formation"
    VAE = "vae", "Validation des acquis de l’expérience"


class PixStatus(TextChoices):
    """As the certifier’s own file writes it."""

    VALIDATED = "validated", "Validée"
    REJECTED = "rejected", "Rejetée"
    CANCELLED = "cancelled", "Annulée"


class PixOrigin(TextChoices):
    """How the result reached us."""

    SESSION_FILE = "session_file", "Fichier de résultats de la session Pix"
    CERTIFICATE = "certificate", "Certificat Pix présenté, code vérifié"
