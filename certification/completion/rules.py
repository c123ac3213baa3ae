"""The words of a certificat de réalisation, from plain values (domain.md § 3.3: ministry model of 2020)."""

_OF = {
    "Grand Est": "du ",
    "Centre-Val de Loire": "du ",
    "Hauts-de-France": "des ",
    "Pays de la Loire": "des ",
}

NATURE = "Action de formation"
COMMITMENT = (
    "L’organisme s’engage à conserver l’ensemble des pièces justificatives qui ont permis d’établir le présent "
    "certificat pendant trois ans à compter de la fin de l’année du dernier paiement\u00a0; en cas de cofinancement "
    "des fonds européens, la durée de conservation est étendue conformément aux obligations propres à ces fonds."
)


def declaration(nda: str, region: str) -> str:
    """The sentence that the law asks of every training organisation (Code du travail, L. 6352-12)."""
    of = _OF.get(region) or ("d’" if region[:1] in "AEIOUYÎÉ" else "de ")
    return (
        f"Déclaration d’activité enregistrée sous le numéro {nda} auprès du préfet de région {of}{region}. "
        "Cet enregistrement ne vaut pas agrément de l’État."
    )


def number(year: int, sequence: int) -> str:
    """CR-2026-000001: by civil year, without gap."""
    return f"CR-{year}-{sequence:06d}"


def sequence_of(text: str) -> int:
    """The sequence in a number; 0 for none."""
    return int(text.rsplit("-", 1)[1]) if text else 0
