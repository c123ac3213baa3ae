"""Blocks of words."""

from wagtail import blocks

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote"]


class TextBlock(blocks.RichTextBlock):
    """Running text, with the few marks that a lesson needs."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**({"features": FEATURES} | kwargs))

    class Meta:
        label = "Texte"
        icon = "pilcrow"
        description = "Paragraphes, intertitres, listes et liens."
        template = "cms/blocks/text.html"
        preview_value = (
            "<h2>Accueillir la personne</h2>"
            "<p>Commencez par <b>écouter la demande</b> avant de toucher au clavier.</p>"
        )


class CalloutBlock(blocks.StructBlock):
    """Something to remember, set apart from the text."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    text = blocks.RichTextBlock(label="Texte", features=["bold", "italic", "link", "ul"])

    class Meta:
        label = "À retenir"
        icon = "info-circle"
        description = "Encadré pour une consigne, une définition ou un point de vigilance."
        template = "cms/blocks/callout.html"
        preview_value = {
            "title": "À retenir",
            "text": "<p>Ne saisissez jamais un mot de passe à la place de la personne accompagnée.</p>",
        }
