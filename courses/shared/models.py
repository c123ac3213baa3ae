"""Files kept by their content: the name is the hash."""

from django.db import models


class StoredFile(models.Model):
    """A file under MEDIA_ROOT, addressed by the SHA-256 of its bytes; written before its row is committed."""

    APPEND_ONLY = True

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("taille")
    media_type = models.CharField("type", max_length=100)
    stored_at = models.DateTimeField("conservé le")

    class Meta:
        verbose_name = "fichier conservé"
        verbose_name_plural = "fichiers conservés"
