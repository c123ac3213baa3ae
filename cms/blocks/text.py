"""Blocks of words."""

import hashlib
from typing import Any

from wagtail import blocks

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote"]
INLINE = ["bold", "italic", "link"]
SHORT = [*INLINE, "ul", "ol"]


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
    text = blocks.RichTextBlock(label="Texte", features=[*INLINE, "ul"])

    class Meta:
        label = "À retenir"
        icon = "info-circle"
        description = "Encadré pour une consigne, une définition ou un point de vigilance."
        template = "cms/blocks/callout.html"
        preview_value = {
            "title": "À retenir",
            "text": "<p>Ne saisissez jamais un mot de passe à la place de la personne accompagnée.</p>",
        }


class StepBlock(blocks.StructBlock):
    """One thing to do."""

    title = blocks.CharBlock(label="Étape", max_length=120)
    text = blocks.RichTextBlock(label="Ce qu’il faut faire", features=SHORT, required=False)

    class Meta:
        label = "Étape"
        icon = "list-ol"
        label_format = "{title}"


class StepsBlock(blocks.StructBlock):
    """Things to do in order, numbered."""

    title = blocks.CharBlock(label="Titre", max_length=120, required=False)
    steps = blocks.ListBlock(StepBlock(), label="Étapes", min_num=2, collapsed=True)

    class Meta:
        label = "Étapes"
        icon = "list-ol"
        description = "Une marche à suivre, numérotée."
        template = "cms/blocks/steps.html"
        preview_value = {
            "title": "Créer une adresse électronique",
            "steps": [
                {
                    "title": "Choisir un fournisseur",
                    "text": "<p>Comparez la place offerte et les conditions.</p>",
                },
                {"title": "Choisir une adresse", "text": "<p>Sobre, sans date de naissance.</p>"},
                {
                    "title": "Choisir une phrase de passe",
                    "text": "<p>Longue, et connue de la personne seule.</p>",
                },
            ],
        }


class FoldBlock(blocks.StructBlock):
    """A question, and its answer folded under it."""

    title = blocks.CharBlock(label="Intitulé", max_length=150)
    text = blocks.RichTextBlock(label="Texte", features=SHORT)

    class Meta:
        label = "Volet"
        icon = "collapse-down"
        label_format = "{title}"


class AccordionBlock(blocks.StructBlock):
    """Several texts folded under their titles."""

    items = blocks.ListBlock(FoldBlock(), label="Volets", min_num=1, collapsed=True)
    level = blocks.ChoiceBlock(
        label="Niveau des intitulés",
        choices=[("2", "Intertitre (niveau 2)"), ("3", "Sous-intertitre (niveau 3)")],
        default="3",
        help_text="Celui qui suit l’intertitre placé au-dessus.",
    )

    class Meta:
        label = "Accordéon"
        icon = "collapse-down"
        description = "Textes repliés sous leur intitulé\u00a0: questions fréquentes, compléments."
        template = "cms/blocks/accordion.html"
        form_layout = blocks.BlockGroup(children=["items"], settings=["level"])
        preview_value = {
            "level": "2",
            "items": [
                {
                    "title": "Que faire si la personne a perdu son mot de passe\u00a0?",
                    "text": "<p>Utilisez le lien prévu par le service, avec elle, sur son appareil.</p>",
                },
                {
                    "title": "Et si elle n’a plus son téléphone\u00a0?",
                    "text": "<p>Voyez les codes de secours.</p>",
                },
            ],
        }

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Each fold needs a name of its own in the page, the same at each view."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        words = "\n".join(item["title"] or "" for item in value["items"])
        return context | {"prefix": f"volet-{hashlib.sha256(words.encode()).hexdigest()[:10]}"}
