"""Identifiers of the French administration and their checks (domain.md §5 for the sources)."""

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret

_LA_POSTE = "356000000"


def validate_siret(value: str) -> None:
    """Fourteen digits and a right key; La Poste's establishments sum to a multiple of five."""
    if not re.fullmatch(r"\d{14}", value):
        raise ValidationError("Un numéro SIRET compte 14 chiffres.")
    if value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return
    try:
        stdnum_siret.validate(value)
    except StdnumError as error:
        raise ValidationError("La clé de ce numéro SIRET est fausse : vérifiez les chiffres.") from error


def validate_nda(value: str) -> None:
    """Eleven digits (2A or 2B allowed for Corsica); no public check digit exists."""
    if not re.fullmatch(r"\d{2}(\d{2}|2[AB])\d{7}", value):
        raise ValidationError("Un numéro de déclaration d’activité compte 11 chiffres.")


PIX_CODE_ALPHABET = "2346789BCDFGHJKMPQRTVWXY"
PIX_CODE = re.compile(rf"P-[{PIX_CODE_ALPHABET}]{{8}}")


def validate_pix_code(value: str) -> None:
    """Verification code of a Pix certificate: P- and 8 characters without vowel nor look-alike."""
    if not PIX_CODE.fullmatch(value):
        raise ValidationError("Un code de vérification Pix s’écrit P-XXXXXXXX, sans voyelle ni 0, 1 ou 5.")
