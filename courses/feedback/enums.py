"""When opinions are asked."""

from django.db.models import TextChoices


class Moment(TextChoices):
    DURING = "during", "Pendant la formation"
    AFTER = "after", "À la fin de la formation"
