"""Points 2 to 9 of the true line, walked on screen by each person in turn, by what is written there.

Three weeks pass between the first page and the payment, so the journey carries its own calendar; the live server runs
in a thread of this process and lives at the same instant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from certification import api as certification
from certification.models import Claim
from cms.api import LessonSpec, ModuleSpec, PathSpec, QuestionSpec, QuizSpec, author_path, demo_picture
from cms.models import PathPage
from courses import api as courses
from courses.models import Enrolment, PathVersion, Statement
from courses.shared.clock import PARIS
from lms.operations.invariants import check_all
from tests import factories
from tests.browser.screens import assert_dressed, assert_titled
from tests.world import a_contract

pytestmark = pytest.mark.django_db(transaction=True)

# A loaded machine answers late; nothing here depends on haste.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
PASSWORD = "Un-mot-de-passe-fictif-46"
PATH = PathSpec(
    title="Parcours initial fictif",
    objectives="Accueillir une personne éloignée du numérique\nLa rendre autonome",
    contact="Équipe pédagogique, assistance@exemple.invalid",
    html="<p>Un parcours pour accompagner les premiers pas.</p>",
    modules=(
        # 175 h of courses, and 210 h of placement: what the rules fund.
        ModuleSpec(
            title="Accompagner vers l’autonomie",
            objectives="Accueillir\nDiagnostiquer",
            competences="Accompagner un public éloigné du numérique",
            lessons=(
                LessonSpec(
                    title="Accueillir la personne",
                    html="<h2>Écouter d’abord</h2><p>On écoute la demande avant de proposer une solution.</p>",
                    minutes=10_290,
                    quiz=QuizSpec(
                        title="Vérifiez vos acquis",
                        questions=(
                            QuestionSpec(
                                "Que faire d’abord ?",
                                ("Écouter la demande", "Prendre la souris"),
                                (0,),
                                "On écoute d’abord.",
                            ),
                            QuestionSpec(
                                "Quels mots de passe sont solides ?",
                                ("123456", "Une phrase longue", "Celui d’un gestionnaire"),
                                (1, 2),
                            ),
                        ),
                    ),
                    callout="Ne prenez jamais la souris à la place de la personne.",
                    image=(demo_picture(), "Une salle d’atelier avec deux participants", "Un atelier"),
                    video=("Un accueil réussi", "https://video.exemple.fr/accueil", "Bonjour et bienvenue."),
                    download=("fiche.txt", b"Fiche de l'atelier", "Fiche de l’atelier"),
                ),
            ),
            taught_minutes=210,
        ),
        ModuleSpec(
            title="Stage en structure d’accueil",
            objectives="Pratiquer",
            competences="Animer un atelier",
            placement_minutes=12_600,
        ),
    ),
)


def paris(day: str, hour: int, minute: int = 0) -> datetime:
    """An instant as the clock on the wall says it in Paris."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:{minute:02d}").replace(tzinfo=PARIS).astimezone(UTC)


class Calendar:
    """The instant at which the whole process lives; time goes on between two steps."""

    def __init__(self) -> None:
        self.start, self.since = timezone.now(), monotonic()

    def set(self, instant: datetime) -> None:
        self.start, self.since = instant, monotonic()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=monotonic() - self.since)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    calendar = Calendar()
    monkeypatch.setattr(timezone, "now", calendar.now)
    return calendar


class World:
    """Everyone who takes part, and what stands before the journey: an organisation, its contract, a post."""

    def __init__(self) -> None:
        self.training = factories.a_training_organisation(
            name="Organisme fictif du Lot", approved_centre=True
        )
        self.structure = factories.a_host_structure(name="Commune fictive de Cahors", departement_code="46")
        self.author = factories.a_user("author", self.training)
        self.manager = factories.a_user("organisation_manager", self.training)
        self.trainer = factories.a_user("trainer", self.training)
        self.tutor = factories.a_user("placement_tutor", self.training)
        self.adviser = factories.an_adviser(structure=self.structure)
        self.adviser.user.set_password(PASSWORD)
        self.adviser.user.save()
        self.programme = factories.a_user("programme_manager")
        self.jury = [factories.a_user("jury_member") for _ in range(2)]
        self.ministry = factories.a_user("ministry_representative")
        self.certifier = factories.a_user("service_certifier")
        self.payer = factories.a_user("payer")
        self.auditor = factories.a_user("auditor")
        self.order = a_contract(self.training, 1)
        self.page: PathPage = author_path(organisation=self.training, spec=PATH, author=self.author)

    @property
    def name(self) -> str:
        return str(self.adviser)

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment.objects.get(adviser=self.adviser)


class Walk:
    """One window at a time: someone is at work, and each of his screens is looked at."""

    def __init__(self, page_for: Callable[..., Page]) -> None:
        self.page_for = page_for
        self.seen = 0

    @contextmanager
    def of(self, user: object | None = None) -> Iterator[Page]:
        page = self.page_for(user)
        page.set_default_timeout(PATIENCE_MS)
        self.page = page
        if user is not None:
            page.goto("/accueil/")
            self.see("?")
        yield page
        page.context.close()

    def see(self, heading: str | re.Pattern[str]) -> None:
        """This screen is the expected one (test_every_screen asks the rest of each)."""
        expect(self.page.locator("h1")).to_contain_text(heading)
        self.page.wait_for_load_state()
        assert_dressed(self.page)
        assert_titled(self.page)
        self.seen += 1

    def told(self, text: str) -> None:
        """The receipt of the act."""
        expect(self.page.locator("main")).to_contain_text(text)

    def menu(self, label: str, heading: str) -> None:
        self.page.get_by_role("navigation", name="Menu principal").get_by_role(
            "link", name=label, exact=True
        ).click()
        self.see(heading)

    def follow(self, label: str | re.Pattern[str], heading: str, exact: bool = True) -> None:
        self.main.get_by_role("link", name=label, exact=exact).first.click()
        self.see(heading)

    def press(self, label: str) -> None:
        self.main.get_by_role("button", name=label, exact=True).click()

    def fill(self, **fields: str) -> None:
        """By the name of the field, once its label is known to be tied to it."""
        for name, value in fields.items():
            field = self.main.locator(f"[name={name}]:not([type=hidden])").first
            assert field.evaluate("field => field.labels.length") == 1, (
                f"{self.page.url}: {name} has no label"
            )
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    def choose(self, field: str, part: str) -> None:
        """The option of a list whose words hold `part`."""
        select = self.main.get_by_role("combobox", name=field).first
        label = select.locator("option", has_text=part).first.inner_text()
        select.select_option(label=label)

    def tick(self, label: str) -> None:
        self.main.locator("label", has_text=label).first.click()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")


def test_points_2_to_9_are_walked_on_screen_by_each_person(
    page_for: Callable[..., Page], calendar: Calendar, settings: Any
) -> None:
    world, walk = World(), Walk(page_for)

    calendar.set(paris("2026-03-16", 8))
    the_manager_publishes_the_path(world, walk)
    the_adviser_signs_in_and_enrols(world, walk)
    the_manager_opens_a_session(world, walk)
    calendar.set(paris("2026-03-16", 9, 5))
    the_trainer_opens_the_sheet(world, walk)
    the_adviser_signs_reads_and_passes_the_quiz(world, walk)
    calendar.set(paris("2026-03-16", 12, 20))
    the_trainer_signs_and_closes(world, walk)
    calendar.set(paris("2026-03-23", 10))
    the_tutor_attests_a_week(world, walk)
    the_manager_issues_the_certificate(world, walk)
    the_adviser_becomes_a_candidate(world, walk)
    calendar.set(paris("2026-03-25", 10))
    the_programme_manager_records_pix_and_opens_the_exam(world, walk)
    calendar.set(paris("2026-03-30", 10))
    the_jury_gives_its_opinions_and_decides(world, walk)
    calendar.set(paris("2026-03-31", 10))
    the_ministry_validates(world, walk)
    code = the_adviser_gets_his_credential(world, walk)
    anyone_verifies(code, world, walk)
    calendar.set(paris("2026-04-02", 10))
    the_manager_claims(world, walk)
    the_certifier_then_the_payer(world, walk)
    calendar.set(paris("2026-04-03", 10))
    the_auditor_drills_to_the_proof_and_takes_a_pack(world, walk)

    status = certification.certification_status(world.adviser, as_of=calendar.now().date())
    assert status.state == "certified"
    claim = Claim.objects.get()
    assert (claim.state, claim.total_cents) == ("paid", 175 * 1_000 + 30_000)
    # Enrolled, read, passed, present, a week of placement, decided: each act left its trace.
    assert Statement.objects.filter(registration=world.enrolment.registration).count() >= 4
    assert [(result.id, result.breaches) for result in check_all() if not result.ok] == []
    assert walk.seen > 100


def the_manager_publishes_the_path(world: World, walk: Walk) -> None:
    """In the editor, page by page: lessons, modules, then the path, which freezes its version."""
    page = walk.page_for(world.manager)
    below = world.page.get_descendants().order_by("-depth", "path")
    for part in [*below, world.page]:
        page.goto(f"/administration/pages/{part.pk}/edit/")
        assert page.locator("html").get_attribute("lang") == "fr"
        expect(page.locator("#id_title")).to_have_value(part.title)
        publish = page.locator("button[name=action-publish]")
        if not publish.is_visible():
            page.locator("footer [data-w-dropdown-target=toggle]").first.click()
        expect(publish).to_contain_text("Publier")
        publish.click()
        expect(page.locator(".messages")).to_contain_text("publié")
    page.context.close()

    version = PathVersion.objects.get()
    assert courses.structure_of(version).minutes == 23_100


def the_adviser_signs_in_and_enrols(world: World, walk: Walk) -> None:
    with walk.of() as page:
        page.goto("/")
        walk.see("")
        page.get_by_role("link", name="Voir tout le catalogue").click()
        walk.see("")
        walk.follow(PATH.title, PATH.title)
        walk.follow("S’inscrire", "Se connecter")

        walk.fill(username=world.adviser.user.username, password="faux")
        walk.press("Se connecter")
        walk.see("Se connecter")
        walk.fill(username=world.adviser.user.username, password=PASSWORD)
        walk.press("Se connecter")

        walk.see(PATH.title)
        walk.told("Financée par l’État")
        walk.press("M’inscrire")
        walk.see("Où en suis-je ?")
        walk.told("Vous êtes inscrit")


def the_manager_opens_a_session(world: World, walk: Walk) -> None:
    with walk.of(world.manager):
        walk.menu("Sessions", "sessions")
        walk.follow("Ouvrir une session", "Ouvrir une session", exact=False)
        walk.choose("Séquence", "Accompagner")
        walk.fill(title="Atelier fictif de mars", place="Salle fictive, Cahors")
        walk.fill(start="2026-03-16", end="2026-03-17")
        walk.tick(str(world.trainer))
        walk.press("Ouvrir la session")
        walk.see("Atelier fictif de mars")
        walk.follow("Inscrire des apprenants", "Qui est attendu")
        walk.tick(world.name)
        walk.press("Inscrire à la session")
        walk.see("Atelier fictif de mars")
        walk.told("1 apprenant attendu")


def the_trainer_opens_the_sheet(world: World, walk: Walk) -> None:
    with walk.of(world.trainer):
        walk.menu("Émargement", "Aujourd’hui")
        walk.follow("Ouvrir la feuille du matin", "Ouvrir une feuille", exact=False)
        walk.press("Ouvrir la feuille")
        walk.see("Atelier fictif de mars")
        walk.told("0 signature sur 1")
        walk.follow("Afficher en grand", "Signez votre présence")


def the_adviser_signs_reads_and_passes_the_quiz(world: World, walk: Walk) -> None:
    with walk.of(world.adviser.user) as page:
        walk.menu("Mes sessions", "Mes sessions")
        walk.follow("Signer ma présence", "Signer ma présence", exact=False)
        walk.press("Je suis présent, je signe")
        walk.see("Votre présence est signée")

        walk.page.goto("/accueil/")
        walk.see("Où en suis-je ?")
        walk.main.get_by_role("link", name="Reprendre").first.click()
        walk.see("")
        if page.locator("h1").inner_text() == PATH.title:
            walk.follow("Reprendre", "Accueillir la personne")
        expect(walk.main).to_contain_text("On écoute la demande")
        walk.press("J’ai lu cette leçon")
        walk.see("Vérifiez vos acquis")

        walk.tick("Écouter la demande")
        walk.press("Suivante")
        walk.see("Vérifiez vos acquis")
        walk.tick("Une phrase longue")
        walk.tick("Celui d’un gestionnaire")
        walk.press("Suivante")
        walk.told("Vous avez répondu à toutes les questions.")
        walk.press("Remettre mes réponses")
        walk.see("Vérifiez vos acquis")
        walk.told("Questionnaire réussi")


def the_trainer_signs_and_closes(world: World, walk: Walk) -> None:
    with walk.of(world.trainer):
        walk.menu("Émargement", "Aujourd’hui")
        walk.follow("Voir la feuille du matin", "Atelier fictif de mars", exact=False)
        walk.told("1 signature sur 1")
        walk.follow("Clôturer", "ne peut pas encore être clôturée")
        walk.follow("Revenir à la feuille", "Atelier fictif de mars")
        walk.follow("Signer", "Signer la feuille comme formateur")
        walk.press("Je signe")
        walk.see("Atelier fictif de mars")
        walk.follow("Clôturer", "Clôturer la feuille")
        walk.press("Clôturer définitivement")
        walk.see("Atelier fictif de mars")
        walk.told("Feuille n° 1")


def the_tutor_attests_a_week(world: World, walk: Walk) -> None:
    with walk.of(world.tutor):
        walk.menu("Stages", "Mes stagiaires")
        walk.follow("Attester une semaine", world.name, exact=False)
        walk.choose("Semaine", "16/03/2026")
        walk.fill(hours="35")
        walk.press("J’atteste ces heures")
        walk.see(world.name)
        walk.told("La semaine du 16/03/2026 est attestée.")


def the_manager_issues_the_certificate(world: World, walk: Walk) -> None:
    with walk.of(world.manager) as page:
        walk.menu("Certificats", "Émettre des certificats")
        page.get_by_role("button", name=f"Émettre le certificat de {world.name}").first.click()
        walk.see("Accompagner vers l’autonomie")
        walk.told(f"émis pour {world.name}")
        walk.told("En préparation")
        courses.drain()
        page.reload()
        walk.see("Accompagner vers l’autonomie")
        link = walk.main.get_by_role("link", name="Télécharger le certificat")
        assert page.request.get(link.get_attribute("href") or "").body().startswith(b"%PDF")


def the_adviser_becomes_a_candidate(world: World, walk: Walk) -> None:
    with walk.of(world.adviser.user):
        walk.menu("Mes certificats", "certificats")
        for block in ("CCP1", "Pix"):
            walk.menu("Ma certification", "Mes candidatures")
            walk.follow("Ouvrir une candidature", "Ouvrir une candidature")
            walk.choose("Certification visée", block)
            walk.tick("Formation")
            walk.choose("Inscription suivie", PATH.title)
            walk.press("Ouvrir la candidature")
            walk.see("Mes candidatures")
            walk.told("Candidature ouverte")


def the_programme_manager_records_pix_and_opens_the_exam(world: World, walk: Walk) -> None:
    with walk.of(world.programme):
        walk.menu("Résultats Pix", "Résultats Pix")
        walk.follow("Enregistrer un résultat", "Enregistrer un résultat Pix")
        walk.choose("Candidat", world.name)
        walk.fill(sat_on="2026-03-24", status="Validée", score="512", certification_number="FICTIF-1")
        walk.tick("Fichier de résultats de la session Pix")
        walk.fill(origin_reference="resultats_session_fictive.csv")
        walk.press("Enregistrer le résultat")
        walk.see("Résultats Pix")
        walk.told("Résultat Pix enregistré")

        walk.menu("Jurys", "sessions d’examen")
        walk.follow("Ouvrir une session", "Ouvrir une session d’examen", exact=False)
        walk.fill(reference="SESSION-FICTIVE-1", place="Centre fictif")
        walk.choose("Bloc de compétences", "CCP1")
        walk.choose("Centre agréé", world.training.name)
        walk.fill(opens_at="2026-03-30T09:00", closes_at="2026-03-30T18:00", quorum="2")
        walk.press("Ouvrir la session")
        walk.see("SESSION-FICTIVE-1")
        for member in world.jury:
            walk.choose("Membre de jury habilité", str(member))
            walk.press("Nommer")
            walk.see("SESSION-FICTIVE-1")
            walk.told("siège désormais à ce jury")
        walk.choose("Candidat", world.name)
        walk.press("Convoquer")
        walk.see("SESSION-FICTIVE-1")
        walk.told("est convoqué")


def the_jury_gives_its_opinions_and_decides(world: World, walk: Walk) -> None:
    for member in world.jury:
        with walk.of(member) as page:
            walk.menu("Jurys", "sessions d’examen")
            walk.follow("SESSION-FICTIVE-1", "SESSION-FICTIVE-1")
            walk.follow(world.name, world.name)
            for choice in page.locator("label").filter(has_text=re.compile(r"^\s*Acquise?\s*$")).all():
                choice.click()
            walk.press("Rendre mon avis")
            walk.see(world.name)
            walk.told("Votre avis est enregistré")
    with walk.of(world.jury[1]) as page:
        walk.menu("Jurys", "sessions d’examen")
        walk.follow("SESSION-FICTIVE-1", "SESSION-FICTIVE-1")
        walk.follow(world.name, world.name)
        walk.follow("Signer la décision", "Signer", exact=False)
        page.locator("label").filter(has_text=re.compile(r"^\s*Acquis\s*$")).click()
        walk.main.locator("button[type=submit]").last.click()
        walk.see("SESSION-FICTIVE-1")
        walk.told(f"Décision signée pour {world.name}")
        walk.follow("Établir le procès-verbal", "procès-verbal")
        walk.main.locator("button[type=submit]").last.click()
        walk.see("SESSION-FICTIVE-1")
        walk.told("Procès-verbal établi")


def the_ministry_validates(world: World, walk: Walk) -> None:
    with walk.of(world.ministry):
        walk.menu("Procès-verbaux", "procès-verbaux")
        walk.follow("SESSION-FICTIVE-1", "SESSION-FICTIVE-1")
        walk.follow("Valider le procès-verbal", "procès-verbal")
        walk.main.locator("button[type=submit]").last.click()
        walk.see("procès-verbaux")
        walk.told("Procès-verbal validé")
        walk.follow("SESSION-FICTIVE-1", "SESSION-FICTIVE-1")
        walk.told("Validé par le ministère")


def the_adviser_gets_his_credential(world: World, walk: Walk) -> str:
    with walk.of(world.adviser.user) as page:
        walk.menu("Mes attestations", "Mon attestation")
        walk.told("Vous êtes certifié depuis le 31 mars 2026")
        walk.press("Obtenir mon attestation")
        walk.see("Mon attestation")
        courses.drain()
        page.reload()
        walk.see("Mon attestation")
        link = walk.main.get_by_role("link", name="Télécharger le PDF")
        assert page.request.get(link.get_attribute("href") or "").body().startswith(b"%PDF")
        return (walk.main.locator("#lien-1").get_attribute("href") or "").rstrip("/").rpartition("/")[2]


def anyone_verifies(code: str, world: World, walk: Walk) -> None:
    with walk.of() as page:
        page.goto("/verifier/")
        walk.see("Vérifier une attestation")
        for asked, answer in (("BCDF2345", "Code inconnu"), (code, "Attestation valide")):
            walk.main.get_by_role("textbox").fill(asked)
            walk.press("Vérifier")
            walk.see("Vérifier une attestation")
            walk.told(answer)
        walk.told(world.name)


def the_manager_claims(world: World, walk: Walk) -> None:
    with walk.of(world.manager):
        walk.menu("Demandes de paiement", "Demandes de paiement")
        walk.follow("Préparer une demande", "Que puis-je facturer ?")
        walk.fill(start="2026-03-16", end="2026-04-01")
        walk.press("Voir les lignes")
        walk.see("Que puis-je facturer ?")
        walk.told("2 050,00 €".replace(" ", "\u202f", 1).replace(" ", "\u00a0"))
        walk.press("Préparer le brouillon")
        walk.see("")
        walk.follow("Déposer la demande", "Déposer la demande")
        walk.press("Déposer")
        walk.told("est déposée")
        walk.see("")


def the_certifier_then_the_payer(world: World, walk: Walk) -> None:
    number = Claim.objects.get().number
    with walk.of(world.certifier):
        walk.follow(number, number)
        walk.follow("Attester le service fait", "Attester le service fait")
        walk.press("Attester le service fait")
        walk.see(number)
        walk.told("est attesté")
    with walk.of(world.payer):
        walk.follow(number, number)
        walk.follow("Enregistrer le paiement", "Enregistrer le paiement")
        walk.fill(reference="VIR-FICTIF-1")
        walk.press("Enregistrer le paiement")
        walk.see(number)
        walk.told("Le paiement de la demande")


def the_auditor_drills_to_the_proof_and_takes_a_pack(world: World, walk: Walk) -> None:
    with walk.of(world.auditor) as page:
        walk.menu("Vue nationale", "Combien de conseillers sont certifiés")
        expect(walk.main.locator("tr", has_text="Lot").first).to_contain_text("1")
        certified = walk.main.get_by_role("link", name=re.compile("– Conseillers certifiés"))
        # The same question, as of the day before the decision took effect, then today.
        for day, count in (("2026-03-30", "0"), ("2026-04-03", "1")):
            walk.fill(au=day)
            walk.press("Afficher")
            expect(page).to_have_url(re.compile(f"au={day}"))
            walk.see("Combien de conseillers sont certifiés")
            expect(certified).to_contain_text(count)
        certified.click()
        walk.see("Qui sont ces conseillers ?")
        walk.follow(world.name, world.name)
        walk.told("Certifié")
        walk.tick("Preuves")
        walk.press("Filtrer")
        walk.see(world.name)
        walk.follow("Ouvrir la preuve – Questionnaire noté", "", exact=False)
        walk.told("L’empreinte est intacte")
        walk.told("Trace d’apprentissage d’origine")

        walk.menu("Dossier d’audit", "Quel dossier d’audit")
        walk.follow("Préparer le dossier", "Le dossier est-il prêt ?")
        courses.drain()
        page.reload()
        walk.see("Le dossier est-il prêt ?")
        link = walk.main.get_by_role("link", name="Télécharger le dossier")
        assert page.request.get(link.get_attribute("href") or "").body().startswith(b"PK")
