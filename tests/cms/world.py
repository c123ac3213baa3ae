"""A path written and published by an organisation, and an adviser enrolled in it."""

from dataclasses import dataclass, field

from django.test import Client

from cms.api import (
    LessonSpec,
    ModuleSpec,
    PathSpec,
    QuestionSpec,
    QuizSpec,
    author_path,
    demo_picture,
    publish_path,
    settle_groups,
)
from cms.models import LessonPage, ModulePage, PathPage
from courses import api
from courses.models import Adviser, Enrolment, PathVersion, TrainingOrganisation, User
from tests import factories

QUIZ = QuizSpec(
    title="Vérifiez vos acquis",
    questions=(
        QuestionSpec(
            "Que faire d’abord ?", ("Écouter la demande", "Prendre la souris"), (0,), "On écoute d’abord."
        ),
        QuestionSpec(
            "Quels mots de passe sont solides ?", ("123456", "Une phrase longue", "Un gestionnaire"), (1, 2)
        ),
    ),
)
LESSON = LessonSpec(
    title="Accueillir la personne",
    html="<h2>Écouter</h2><p>La première version du texte.</p>",
    minutes=60,
    quiz=QUIZ,
    callout="Ne prenez jamais la souris à la place de la personne.",
    image=(demo_picture(), "Une salle d’atelier avec deux participants devant un écran", "Un atelier"),
    video=("Un accueil réussi", "https://video.exemple.fr/accueil", "Bonjour et bienvenue."),
    download=("fiche.txt", b"Fiche de l'atelier", "Fiche de l’atelier"),
)
MODULE = ModuleSpec(
    title="Accompagner vers l’autonomie",
    objectives="Accueillir\nDiagnostiquer",
    competences="Accompagner un public éloigné du numérique",
    lessons=(LESSON, LessonSpec(title="Pour aller plus loin", html="<p>Lectures.</p>")),
    taught_minutes=360,
)
PATH = PathSpec(
    title="Accompagner les premiers pas",
    objectives="Mettre une personne en confiance\nLa rendre autonome",
    contact="Équipe pédagogique, 01 00 00 00 00",
    modules=(MODULE,),
    kind="continuing",
)


@dataclass
class Written:
    """An organisation, its author, its manager, and the path that the author wrote."""

    spec: PathSpec = PATH
    organisation: TrainingOrganisation = field(default_factory=factories.a_training_organisation)
    author: User = field(init=False)
    manager: User = field(init=False)
    path: PathPage = field(init=False)

    def __post_init__(self) -> None:
        self.author = reachable(factories.a_user("author", self.organisation))
        self.manager = reachable(factories.a_user("organisation_manager", self.organisation))
        self.path = author_path(organisation=self.organisation, spec=self.spec, author=self.author)

    @property
    def module(self) -> ModulePage:
        return ModulePage.objects.child_of(self.path).first()

    @property
    def lesson(self) -> LessonPage:
        return LessonPage.objects.child_of(self.module).order_by("path").first()

    def publish(self) -> PathVersion:
        version = publish_path(self.path, user=self.manager)
        self.path.refresh_from_db()
        return version

    def enrol(self, adviser: Adviser | None = None) -> Enrolment:
        adviser = adviser or factories.an_adviser(in_post=False)
        return api.enrol(
            adviser=adviser,
            path_version=self.path.version,
            source="self",
            actor=adviser.user,
            at=factories.NOON,
        )

    def rewrite_lesson(self, html: str) -> None:
        """The author changes the text of the lesson, the manager publishes that page alone."""
        lesson = self.lesson
        lesson.body[0] = ("text", html)
        settle_groups(self.manager)
        lesson.save_revision(user=self.author).publish(user=self.manager)


def reachable(user: User) -> User:
    """One to whom mails can be written."""
    user.email = f"{user.username}@exemple.invalid"
    user.save(update_fields=["email"])
    return user


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == status, (response.status_code, url)
    return response.content.decode()
