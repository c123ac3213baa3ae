"""Rights to funded training."""

from django.db.models import TextChoices


class RightKind(TextChoices):
    INITIAL_PATH = "initial_path", "Parcours initial"
    MODULE = "module", "Module de l’année"
