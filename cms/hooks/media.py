"""What a published lesson shows or gives keeps its file: another file is another image, another document."""

from typing import Any

from cms.publishing.errors import FrozenMediaError
from cms.publishing.queries import is_published_media


def on_media_save(sender: Any, instance: Any, raw: bool = False, **_: Any) -> None:
    """Saving with another file, from anywhere; the title, the tags and the collection may change."""
    if raw or instance.pk is None:
        return
    kept = sender.objects.filter(pk=instance.pk).values_list("file", flat=True).first()
    if kept is None or (kept == instance.file.name and instance.file._committed):
        return
    if is_published_media(instance):
        raise FrozenMediaError(
            f"Le fichier de «\u00a0{instance.title}\u00a0» ne peut pas être remplacé\u00a0: une leçon publiée s’en "
            "sert, et des personnes l’ont suivie. Ajoutez le nouveau fichier à part, puis choisissez-le dans la leçon.",
            field="file",
        )
