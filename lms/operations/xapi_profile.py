"""The xAPI profile of what this house records itself: one template for each kind of statement, and how it is published.

The tests hold it against statements that the house really recorded.
"""

from dataclasses import dataclass
from typing import Any

from courses.api import ACTIVITY_TYPES, VERBS, EvidenceClass

# No address of ours is in it: the profile is the same wherever the site runs.
IRI = "urn:uuid:5a0f6c0e-7f0b-4c39-9d3a-2f6f0d6f3a51"
# A change of templates is a new version that names the former one (newest first).
VERSIONS: tuple[tuple[str, str], ...] = (("v1", "2026-11-22T00:00:00Z"),)
SPECIFICATION = "https://w3id.org/xapi/profiles#1.0"

Words = tuple[str, str]  # French, English
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """One kind of statement: what tells it from the others, where its facts are, who vouches for it."""

    name: str
    label: Words
    definition: Words
    verb: str
    activity_type: str | None
    evidence_class: EvidenceClass
    authority: str  # the account name of who vouches; what is in <…> is a UUID
    vouches: Words
    included: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def iri(self) -> str:
        return f"{IRI}#{self.name}"


REGISTRATION = "$.context.registration"
SUCCESS = "$.result.success"
COMPLETION = "$.result.completion"
SCORE = "$.result.score"
DURATION = "$.result.duration"
AUTHORITY = "$.authority.account.name"

# Of every statement. People are named by an opaque account, and by nothing else.
EVERYWHERE = (
    "$.id", "$.actor.account.homePage", "$.actor.account.name", "$.timestamp", "$.stored",
    "$.authority.account.homePage",
)  # fmt: skip
NOWHERE = ("$.actor.name", "$.actor.mbox", "$.actor.mbox_sha1sum", "$.actor.openid", "$.attachments")
ALWAYS = (("$.version", "1.0.3"),)
# Of those whose object is an activity: all but the voiding.
OF_ACTIVITIES = ("$.object.id", "$.object.definition.name.fr")
IN_FRENCH = (("$.context.language", "fr"),)

_GRADED = (f"{SCORE}.scaled", f"{SCORE}.raw")
_SCALE = ((f"{SCORE}.min", 0), (f"{SCORE}.max", 100))
_ENGINE = ("le serveur, qui a noté", "the server, which graded")
_JURY = ("le jury de la session d’examen", "the jury of the exam session")

TEMPLATES = (
    Template(
        name="lesson-read",
        label=("Leçon lue", "Lesson read"),
        definition=(
            "Un apprenant dit avoir lu une leçon. Ne prouve ni durée ni réussite.",
            "A learner says that a lesson was read. It proves neither time nor success.",
        ),
        verb="read",
        activity_type="lesson",
        evidence_class=EvidenceClass.E0,
        authority="system/lesson",
        vouches=("le lecteur de leçons", "the lesson player"),
        included=(REGISTRATION,),
        excluded=(SUCCESS, SCORE, DURATION),
        fixed=((COMPLETION, True),),
    ),
    Template(
        name="quiz-passed",
        label=("Questionnaire réussi", "Quiz passed"),
        definition=(
            "Un apprenant a remis ses réponses et atteint le seuil. La trace a pour identifiant celui de la tentative.",
            "A learner handed in answers and reached the pass mark; the id of the statement is that of the attempt.",
        ),
        verb="passed",
        activity_type="assessment",
        evidence_class=EvidenceClass.E1,
        authority="system/assessment",
        vouches=_ENGINE,
        included=(REGISTRATION, *_GRADED),
        excluded=(DURATION,),
        fixed=((SUCCESS, True), (COMPLETION, True), *_SCALE),
    ),
    Template(
        name="quiz-failed",
        label=("Questionnaire échoué", "Quiz failed"),
        definition=(
            "Un apprenant a remis ses réponses sans atteindre le seuil.",
            "A learner handed in answers and did not reach the pass mark.",
        ),
        verb="failed",
        activity_type="assessment",
        evidence_class=EvidenceClass.E1,
        authority="system/assessment",
        vouches=_ENGINE,
        included=(REGISTRATION, *_GRADED),
        excluded=(DURATION,),
        fixed=((SUCCESS, False), (COMPLETION, True), *_SCALE),
    ),
    Template(
        name="presence",
        label=("Présence à une séance", "Presence at a session"),
        definition=(
            "Un apprenant a été présent une demi-journée. La feuille, signée de lui et du formateur, est clôturée.",
            "A learner was present for a half-day; the sheet, signed by both learner and trainer, is closed.",
        ),
        verb="attended",
        activity_type="meeting",
        evidence_class=EvidenceClass.E2,
        authority="user/<trainer>@<organisation>",
        vouches=("le formateur, pour son organisme", "the trainer, for the training organisation"),
        included=(REGISTRATION, DURATION),
        excluded=(SUCCESS, COMPLETION, SCORE),
    ),
    Template(
        name="placement",
        label=("Heures de stage attestées", "Placement attested"),
        definition=(
            "Le tuteur atteste les heures d’une semaine de stage.",
            "The tutor attests the hours of one week of placement.",
        ),
        verb="attended",
        activity_type="placement",
        evidence_class=EvidenceClass.E2,
        authority="user/<tutor>@<organisation>",
        vouches=("le tuteur, pour son organisme", "the tutor, for the training organisation"),
        included=(REGISTRATION, DURATION),
        excluded=(SUCCESS, COMPLETION, SCORE),
    ),
    Template(
        name="block-earned",
        label=("Bloc obtenu", "Block earned"),
        definition=(
            "Un jury a décidé qu’un candidat acquiert un bloc. La trace a pour identifiant celui de la décision.",
            "A jury decided that a candidate earns a block; the id of the statement is that of the decision.",
        ),
        verb="earned",
        activity_type="block",
        evidence_class=EvidenceClass.E3,
        authority="jury/<exam session>",
        vouches=_JURY,
        recommended=(REGISTRATION,),
        excluded=(COMPLETION, SCORE, DURATION),
        fixed=((SUCCESS, True),),
    ),
    Template(
        name="block-failed",
        label=("Bloc non obtenu", "Block not earned"),
        definition=(
            "Un jury a décidé qu’un candidat n’acquiert pas un bloc. Une absence ne laisse pas de trace.",
            "A jury decided that a candidate does not earn a block. An absence leaves no statement.",
        ),
        verb="failed",
        activity_type="block",
        evidence_class=EvidenceClass.E3,
        authority="jury/<exam session>",
        vouches=_JURY,
        recommended=(REGISTRATION,),
        excluded=(COMPLETION, SCORE, DURATION),
        fixed=((SUCCESS, False),),
    ),
    Template(
        name="voiding",
        label=("Trace annulée par une personne", "Statement voided by a person"),
        definition=(
            "Un responsable annule la trace envoyée par un autre système, avec un motif que garde le journal d’audit.",
            "A manager voids what another system sent; the reason is kept in the audit trail.",
        ),
        verb="voided",
        activity_type=None,
        evidence_class=EvidenceClass.E2,
        authority="user/<manager>@<organisation>",
        vouches=("le responsable, pour son organisme", "the manager, for the training organisation"),
        included=("$.object.id",),
        excluded=("$.result", "$.context"),
        fixed=(("$.object.objectType", "StatementRef"),),
    ),
)


def included(template: Template) -> tuple[str, ...]:
    """Every location that must hold something, whatever it is."""
    of_activities = OF_ACTIVITIES if template.activity_type else ()
    return (*EVERYWHERE, *of_activities, *template.included)


def fixed(template: Template) -> tuple[tuple[str, Any], ...]:
    """Every location that holds one known value."""
    vouched = () if "<" in template.authority else ((AUTHORITY, template.authority),)
    return (*ALWAYS, *(IN_FRENCH if template.activity_type else ()), *template.fixed, *vouched)


def excluded(template: Template) -> tuple[str, ...]:
    """Every location that holds nothing."""
    return (*NOWHERE, *template.excluded)


def profile() -> JsonObject:
    """The published document (xAPI Profiles 1.0). It makes no word of its own, so it has no concepts."""
    return {
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": IRI,
        "type": "Profile",
        "conformsTo": SPECIFICATION,
        "prefLabel": _words(
            ("Formation et certification des conseillers numériques",
             "Training and certification of French digital advisers")
        ),
        "definition": _words(
            ("Les traces que ce site enregistre lui-même\u00a0: leçons, questionnaires, présences, stages, décisions "
             "de jury, annulations. Elles se reconnaissent à leur verbe, au type de leur objet et à leur autorité. "
             "Elles ne citent pas ce profil parmi leurs catégories.",
             "The statements that this site records itself: lessons, quizzes, presences, placements, decisions of "
             "juries, voidings. They are known by their verb, the type of their object and their authority. They do "
             "not name this profile among their categories.")
        ),
        "versions": _versions(),
        "author": {"type": "Organization", "name": "LMS conseiller numérique"},
        "templates": [_published(template) for template in TEMPLATES],
    }  # fmt: skip


def _versions() -> list[JsonObject]:
    """Each version names the one that it revises."""
    formers = [name for name, _ in VERSIONS[1:]]
    return [
        {"id": f"{IRI}#{name}", "generatedAtTime": made}
        | ({"wasRevisionOf": [f"{IRI}#{formers[rank]}"]} if rank < len(formers) else {})
        for rank, (name, made) in enumerate(VERSIONS)
    ]


def _published(template: Template) -> JsonObject:
    kind = template.activity_type
    return {
        "id": template.iri,
        "type": "StatementTemplate",
        "inScheme": f"{IRI}#{VERSIONS[0][0]}",
        "prefLabel": _words(template.label),
        "definition": _words(template.definition),
        "verb": VERBS[template.verb].iri,
        **({"objectActivityType": ACTIVITY_TYPES[kind].iri} if kind else {}),
        "rules": [
            _who_vouches(template),
            *({"location": place, "presence": "included"} for place in included(template)),
            *({"location": place, "presence": "recommended"} for place in template.recommended),
            *({"location": place, "presence": "excluded"} for place in excluded(template)),
            *(
                {"location": place, "presence": "included", "all": [value]}
                for place, value in fixed(template)
                if place != AUTHORITY
            ),
        ],
    }


def _who_vouches(template: Template) -> JsonObject:
    """The rule on the authority; its note says who that is, and the class of evidence that follows from it."""
    french, english = template.vouches
    code, form = template.evidence_class.value, template.authority
    known = [value for place, value in fixed(template) if place == AUTHORITY]
    return {
        "location": AUTHORITY,
        "presence": "included",
        **({"all": known} if known else {}),
        "scopeNote": _words(
            (f"{form}\u00a0: {french}. Classe de preuve {code}, donnée par le serveur.",
             f"{form}: {english}. Evidence class {code}, set by the server.")
        ),
    }  # fmt: skip


def _words(words: Words) -> dict[str, str]:
    return dict(zip(("fr", "en"), words, strict=True))
