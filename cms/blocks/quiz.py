"""The quiz, written in the lesson; graded by the server once frozen."""

from wagtail import blocks


class ChoiceBlock(blocks.StructBlock):
    """One possible answer."""

    text = blocks.CharBlock(label="Réponse", max_length=300)
    correct = blocks.BooleanBlock(label="Bonne réponse", required=False)

    class Meta:
        label = "Réponse"
        label_format = "{text}"
        icon = "check"


class QuestionBlock(blocks.StructBlock):
    """One question; several right answers make it a question with several answers."""

    text = blocks.TextBlock(label="Question", rows=2)
    choices = blocks.ListBlock(ChoiceBlock(), label="Réponses", min_num=2, default=[{}, {}])
    feedback = blocks.TextBlock(label="Explication donnée après la correction", rows=2, required=False)

    class Meta:
        label = "Question"
        label_format = "{text}"
        icon = "help"


class QuizBlock(blocks.StructBlock):
    """A server-graded quiz: passing it proves the duration announced by its lesson."""

    title = blocks.CharBlock(label="Titre", max_length=150)
    pass_percent = blocks.IntegerBlock(
        label="Seuil de réussite (en %)", default=70, min_value=1, max_value=100
    )
    questions = blocks.ListBlock(QuestionBlock(), label="Questions", min_num=1)

    class Meta:
        label = "Questionnaire"
        label_format = "{title}"
        icon = "clipboard-list"
        description = "Questions corrigées par la plateforme\u00a0; une leçon à distance en a un, et un seul."
        template = "cms/blocks/quiz.html"
        preview_value = {
            "title": "Vérifiez vos acquis",
            "pass_percent": 70,
            "questions": [
                {
                    "text": "Que faire d’abord\u00a0?",
                    "choices": [
                        {"text": "Écouter la demande", "correct": True},
                        {"text": "Prendre la souris", "correct": False},
                    ],
                    "feedback": "L’écoute permet de comprendre le besoin réel.",
                }
            ],
        }
