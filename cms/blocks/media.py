"""Blocks that show or give a file, each with its alternative."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

TRANSCRIPT = ["bold", "italic", "ol", "ul"]


class FigureBlock(blocks.StructBlock):
    """An image: described in words, or declared decorative."""

    image = ImageBlock(label="Image")
    caption = blocks.CharBlock(label="Légende", max_length=250, required=False)

    class Meta:
        label = "Image"
        icon = "image"
        description = "Image avec sa description pour les personnes qui ne la voient pas."
        template = "cms/blocks/figure.html"
        preview_template = "cms/blocks/figure_preview.html"


class VideoBlock(blocks.StructBlock):
    """A film elsewhere: our page never calls that place; the reader chooses to follow the link."""

    title = blocks.CharBlock(label="Titre", max_length=150)
    url = blocks.URLBlock(label="Adresse de la vidéo")
    minutes = blocks.IntegerBlock(label="Durée en minutes", min_value=1, required=False)
    transcript = blocks.RichTextBlock(
        label="Transcription",
        features=TRANSCRIPT,
        help_text="Tout ce qui est dit, et ce qu’il faut voir pour comprendre.",
    )

    class Meta:
        label = "Vidéo"
        icon = "media"
        description = "Lien vers une vidéo, avec sa transcription complète."
        template = "cms/blocks/video.html"
        preview_value = {
            "title": "Un atelier pas à pas",
            "url": "https://video.exemple.fr/atelier",
            "minutes": 4,
            "transcript": "<p>Bonjour et bienvenue dans cet atelier.</p>",
        }


class AudioBlock(blocks.StructBlock):
    """A recording kept elsewhere, with all its words."""

    title = blocks.CharBlock(label="Titre", max_length=150)
    url = blocks.URLBlock(label="Adresse de l’enregistrement")
    minutes = blocks.IntegerBlock(label="Durée en minutes", min_value=1, required=False)
    transcript = blocks.RichTextBlock(
        label="Transcription", features=TRANSCRIPT, help_text="Tout ce qui est dit, et par qui."
    )

    class Meta:
        label = "Piste sonore"
        icon = "media"
        description = "Lien vers un enregistrement, avec sa transcription complète."
        template = "cms/blocks/audio.html"
        preview_value = {
            "title": "Témoignage d’une conseillère numérique",
            "url": "https://audio.exemple.fr/temoignage",
            "minutes": 3,
            "transcript": "<p><b>Une conseillère :</b> le premier rendez-vous sert surtout à écouter.</p>",
        }


class DownloadBlock(blocks.StructBlock):
    """A document to keep."""

    document = DocumentChooserBlock(label="Document")
    label = blocks.CharBlock(
        label="Intitulé du lien",
        max_length=150,
        required=False,
        help_text="Laissez vide pour reprendre le titre du document.",
    )

    class Meta:
        label = "Document à télécharger"
        icon = "download"
        description = "Fiche, modèle ou support que la personne garde."
        template = "cms/blocks/download.html"
        preview_template = "cms/blocks/download_preview.html"
