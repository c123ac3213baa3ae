"""What can be obtained."""

from django.db.models import TextChoices


class QualificationKind(TextChoices):
    PROFESSIONAL_TITLE = "professional_title", "Titre professionnel"
    PIX = "pix", "Certification Pix"
