"""Aiming at a qualification; recording an official Pix result."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from certification.qualifications.models import CompetencyBlock
from courses import api as courses
from courses.models import Adviser, Enrolment, User
from courses.shared.clock import PARIS
from courses.shared.identifiers import validate_pix_code

from .enums import CandidacyRoute, PixOrigin, PixStatus
from .errors import CandidacyError, CandidacyExistsError, PixResultError, PixResultExistsError
from .models import Candidacy, PixResult

PIX = "PIX"
PIX_CEILING = 1024  # 16 competences × 8 levels × 8 pix


@transaction.atomic
def open_candidacy(
    *,
    adviser: Adviser,
    block: CompetencyBlock,
    route: str,
    actor: User,
    at: datetime,
    enrolment: Enrolment | None = None,
) -> Candidacy:
    """Aim at a block of a qualification in force; the training route quotes the adviser’s own enrolment."""
    adviser = Adviser.objects.select_for_update(of=("self",), no_key=True).get(pk=adviser.pk)
    day = at.astimezone(PARIS).date()
    if route not in CandidacyRoute.values:
        raise CandidacyError("Choisissez une voie.", field="route")
    _refuse_outdated(block, day)
    if route == CandidacyRoute.TRAINING:
        _refuse_foreign(enrolment, adviser)
    existing = Candidacy.objects.known().filter(adviser=adviser, block=block).first()
    if existing is not None:
        raise CandidacyExistsError(
            f"Une candidature à «\u00a0{block.code}\u00a0» est déjà ouverte depuis le {existing.valid_on:%d/%m/%Y}.",
            field="block",
        )
    candidacy = Candidacy.objects.create(
        adviser=adviser,
        block=block,
        route=route,
        enrolment=enrolment if route == CandidacyRoute.TRAINING else None,
        valid_on=day,
        known_at=at,
    )
    courses.audit.record(
        "candidacies.candidacy.open",
        actor=actor,
        target=candidacy,
        at=at,
        after={"adviser": adviser.number, "block": block.pk, "route": str(route)},
    )
    return candidacy


def _refuse_outdated(block: CompetencyBlock, day: date) -> None:
    title = block.qualification
    if title.superseded_at is not None or title.start > day or (title.end is not None and title.end < day):
        raise CandidacyError(
            f"La certification «\u00a0{title.title}\u00a0» n’est pas en vigueur le {day:%d/%m/%Y}.",
            field="block",
        )


def _refuse_foreign(enrolment: Enrolment | None, adviser: Adviser) -> None:
    if enrolment is None:
        raise CandidacyError("Par la voie de la formation, indiquez l’inscription suivie.", field="enrolment")
    if enrolment.adviser_id != adviser.pk or enrolment.superseded_at is not None:
        raise CandidacyError("Cette inscription n’est pas celle de ce conseiller.", field="enrolment")


@transaction.atomic
def record_pix_result(
    *,
    candidacy: Candidacy,
    status: str,
    score: int,
    certification_number: str,
    origin: str,
    origin_reference: str,
    sat_on: date,
    actor: User,
    at: datetime,
    max_reachable: int = PIX_CEILING,
    verification_code: str = "",
) -> PixResult:
    """Record what Pix itself stated: nobody’s word, but a session file or a certificate whose code was checked."""
    candidacies = Candidacy.objects.select_for_update(of=("self",), no_key=True).select_related(
        "block", "adviser"
    )
    candidacy = candidacies.get(pk=candidacy.pk)
    if candidacy.block.code != PIX:
        raise PixResultError("Cette candidature ne vise pas Pix.", field="candidacy")
    if candidacy.adviser.user_id == actor.pk:
        raise PixResultError("Personne n’enregistre son propre résultat.", field="candidacy")
    _check_status(status, score, max_reachable)
    _check_origin(origin, origin_reference, verification_code)
    if sat_on > at.astimezone(PARIS).date():
        raise PixResultError("La date de passage est dans le futur.", field="sat_on")
    number = certification_number.strip()
    if not number:
        raise PixResultError("Indiquez le numéro de certification.", field="certification_number")
    if PixResult.objects.known().filter(certification_number=number).exists():
        raise PixResultExistsError(
            f"Le numéro de certification {number} est déjà enregistré.", field="certification_number"
        )
    result = PixResult.objects.create(
        candidacy=candidacy,
        status=status,
        score=score,
        max_reachable=max_reachable,
        certification_number=number,
        verification_code=verification_code,
        origin=origin,
        origin_reference=origin_reference.strip(),
        recorded_by=actor,
        valid_on=sat_on,
        known_at=at,
    )
    courses.audit.record(
        "candidacies.pix.record",
        actor=actor,
        target=result,
        at=at,
        after={"candidacy": candidacy.pk, "status": str(status), "score": score, "origin": str(origin)},
    )
    return result


def _check_status(status: str, score: int, max_reachable: int) -> None:
    if status not in PixStatus.values:
        raise PixResultError("Choisissez un statut.", field="status")
    if not 1 <= max_reachable <= PIX_CEILING:
        raise PixResultError(f"Le maximum atteignable va de 1 à {PIX_CEILING} pix.", field="max_reachable")
    if not 0 <= score <= max_reachable:
        raise PixResultError(
            f"Le score va de 0 à {max_reachable} pix, le maximum atteignable.", field="score"
        )
    if status != PixStatus.VALIDATED and score:
        raise PixResultError(
            "Une certification rejetée ou annulée ne porte pas de score\u00a0: indiquez 0.", field="score"
        )


def _check_origin(origin: str, reference: str, code: str) -> None:
    if origin not in PixOrigin.values:
        raise PixResultError("Indiquez d’où vient ce résultat.", field="origin")
    if not reference.strip():
        raise PixResultError("Indiquez la référence du fichier ou du certificat.", field="origin_reference")
    if origin == PixOrigin.CERTIFICATE and not code:
        raise PixResultError(
            "Un certificat présenté porte un code de vérification.", field="verification_code"
        )
    if code:
        try:
            validate_pix_code(code)
        except ValidationError as error:
            raise PixResultError(error.messages[0], field="verification_code") from error
