"""Reading a committee’s file: pure, so that a bad line is known before anything is written."""

import csv
import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from courses.shared.identifiers import validate_siret

from .enums import LegalKind
from .errors import CommitteeFileError

COLUMNS = ("departement", "structure", "siret", "statut_juridique", "postes")
_KINDS = {
    "publique": LegalKind.PUBLIC,
    "privee": LegalKind.PRIVATE,
    "privée": LegalKind.PRIVATE,
    "": LegalKind.PUBLIC,
}
MAX_POSTS = 500


@dataclass(frozen=True)
class CommitteeLine:
    """One structure and the posts it receives. An unknown SIRET is empty."""

    departement: str
    structure: str
    siret: str
    legal_kind: LegalKind
    posts: int


def read_committee_file(raw: bytes, *, departements: frozenset[str]) -> list[CommitteeLine]:
    """Lines of a `;` CSV (UTF-8, BOM allowed); CommitteeFileError lists every bad line with its column and reason."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommitteeFileError("Le fichier n’est pas en UTF-8.", field="file") from error
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise CommitteeFileError(f"Colonnes attendues, dans cet ordre : {' ; '.join(COLUMNS)}.", field="file")
    lines, faults = [], []
    for number, row in enumerate(reader, start=2):
        try:
            lines.append(_line(row, departements))
        except ValueError as fault:
            faults.append(f"Ligne {number} : {fault}")
    if not lines and not faults:
        faults.append("Le fichier ne contient aucune ligne.")
    if faults:
        raise CommitteeFileError("\n".join(faults[:20]), field="file")
    return lines


def _line(row: dict[str, str], departements: frozenset[str]) -> CommitteeLine:
    if None in row or None in row.values():
        raise ValueError("le nombre de colonnes n’est pas celui de l’en-tête.")
    cell = {name: row[name].strip() for name in COLUMNS}
    if cell["departement"] not in departements:
        raise ValueError(f"colonne departement : « {cell['departement']} » n’est pas un département.")
    if not cell["structure"]:
        raise ValueError("colonne structure : le nom manque.")
    if cell["siret"]:
        try:
            validate_siret(cell["siret"])
        except ValidationError as error:
            raise ValueError(f"colonne siret : {error.messages[0]}") from error
    if cell["statut_juridique"].lower() not in _KINDS:
        raise ValueError("colonne statut_juridique : « publique » ou « privée » attendu.")
    posts = cell["postes"]
    if not posts.isascii() or not posts.isdecimal() or not 1 <= int(posts[:6]) <= MAX_POSTS:
        raise ValueError(
            f"colonne postes : « {posts[:20]} » n’est pas un nombre de postes (1 à {MAX_POSTS})."
        )
    return CommitteeLine(
        cell["departement"],
        cell["structure"],
        cell["siret"],
        _KINDS[cell["statut_juridique"].lower()],
        int(posts),
    )
