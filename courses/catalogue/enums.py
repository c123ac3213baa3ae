"""What training is made of."""

from django.db.models import TextChoices


class ActivityKind(TextChoices):
    LESSON = "lesson", "Leçon"
    QUIZ = "quiz", "Questionnaire"
    SESSION = "session", "Séance avec un formateur"
    PLACEMENT = "placement", "Stage"


class SessionMode(TextChoices):
    ON_SITE = "on_site", "En présence"
    REMOTE = "remote", "À distance, en direct"
