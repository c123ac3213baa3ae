"""The shape of each file of an audit pack: columns and types are constants (style.md, rule 9)."""

TEXT, WHOLE = "string", "Int64"

Columns = tuple[tuple[str, str], ...]

STATUSES: Columns = (
    ("numero_conseiller", WHOLE), ("prenom", TEXT), ("nom", TEXT), ("code_departement", TEXT),
    ("departement", TEXT), ("structure", TEXT), ("siret_structure", TEXT), ("poste", TEXT), ("organismes", TEXT),
    ("parcours_acheve", TEXT), ("statut", TEXT), ("certifie_depuis", TEXT), ("decision_ccp1", TEXT),
    ("empreinte_decision", TEXT), ("certification_pix", TEXT), ("empreinte_pix", TEXT), ("regle", TEXT),
    ("version_regle", WHOLE), ("nombre_preuves", WHOLE),
)  # fmt: skip
EVIDENCE: Columns = (
    ("preuve", WHOLE), ("numero_conseiller", WHOLE), ("inscription", TEXT), ("organisme", TEXT), ("module", TEXT),
    ("activite", TEXT), ("nature", TEXT), ("classe", TEXT), ("minutes", WHOLE), ("reussite", TEXT),
    ("score_pourcent", WHOLE), ("vrai_le", TEXT), ("connu_le", TEXT), ("origine", TEXT), ("trace_xapi", TEXT),
    ("empreinte", TEXT),
)  # fmt: skip
DECISIONS: Columns = (
    ("decision", TEXT), ("numero_conseiller", WHOLE), ("certification", TEXT), ("session", TEXT), ("centre", TEXT),
    ("resultat", TEXT), ("regle", TEXT), ("signataire", TEXT), ("corrige", TEXT), ("motif_correction", TEXT),
    ("vrai_le", TEXT), ("connu_le", TEXT), ("remplacee_le", TEXT), ("proces_verbal_valide_le", TEXT),
    ("empreinte", TEXT),
)  # fmt: skip
PIX_RESULTS: Columns = (
    ("certification_pix", TEXT), ("numero_conseiller", WHOLE), ("statut", TEXT), ("pix", WHOLE),
    ("maximum_atteignable", WHOLE), ("origine", TEXT), ("reference_origine", TEXT), ("vrai_le", TEXT),
    ("connu_le", TEXT), ("empreinte", TEXT),
)  # fmt: skip
SHEETS: Columns = (
    ("feuille", TEXT), ("organisme", TEXT), ("numero_chaine", WHOLE), ("session", TEXT), ("jour", TEXT),
    ("demi_journee", TEXT), ("minutes", WHOLE), ("presents", WHOLE), ("cloturee_le", TEXT),
    ("empreinte_precedente", TEXT), ("empreinte", TEXT),
)  # fmt: skip
CERTIFICATES: Columns = (
    ("certificat", TEXT), ("numero_conseiller", WHOLE), ("inscription", TEXT), ("module", TEXT), ("minutes", WHOLE),
    ("vrai_le", TEXT), ("connu_le", TEXT), ("empreinte_contenu", TEXT), ("empreinte", TEXT),
)  # fmt: skip
CREDENTIALS: Columns = (
    ("attestation", TEXT), ("numero_conseiller", WHOLE), ("decision", TEXT), ("certification_pix", TEXT),
    ("vrai_le", TEXT), ("connu_le", TEXT), ("revoquee_le", TEXT), ("motif_revocation", TEXT), ("cle", TEXT),
    ("empreinte", TEXT),
)  # fmt: skip
CLAIMS: Columns = (
    ("demande", TEXT), ("organisme", TEXT), ("siret", TEXT), ("marche", TEXT), ("bon_de_commande", TEXT),
    ("du", TEXT), ("au", TEXT), ("etat", TEXT), ("total_cents", WHOLE), ("preparee_le", TEXT), ("deposee_le", TEXT),
    ("service_fait_le", TEXT), ("payee_le", TEXT), ("empreinte_lignes", TEXT),
)  # fmt: skip
CLAIM_LINES: Columns = (
    ("ligne", WHOLE), ("demande", TEXT), ("unite", TEXT), ("numero_conseiller", WHOLE), ("preuve", WHOLE),
    ("decision", TEXT), ("minutes", WHOLE), ("prix_cents", WHOLE), ("montant_cents", WHOLE), ("vrai_le", TEXT),
    ("connu_le", TEXT), ("liberee_le", TEXT), ("empreinte", TEXT),
)  # fmt: skip
POSTS: Columns = (
    ("poste", TEXT), ("comite", TEXT), ("vague", TEXT), ("portee", TEXT), ("reserve_le", TEXT), ("structure", TEXT),
    ("siret", TEXT), ("code_departement", TEXT), ("numero_conseiller", WHOLE), ("subvention_cents", WHOLE),
    ("enveloppes", TEXT), ("empreinte", TEXT),
)  # fmt: skip
RIGHTS: Columns = (
    ("droit", WHOLE), ("numero_conseiller", WHOLE), ("inscription", TEXT), ("nature", TEXT), ("annee", WHOLE),
    ("accorde", TEXT), ("plafond_minutes", WHOLE), ("regle", TEXT), ("jeu_de_regles", TEXT), ("motifs", TEXT),
    ("vrai_le", TEXT), ("connu_le", TEXT), ("empreinte", TEXT),
)  # fmt: skip

# File → columns, in the order of the workbook’s sheets.
FILES: dict[str, Columns] = {
    "statuts": STATUSES,
    "preuves": EVIDENCE,
    "decisions": DECISIONS,
    "resultats_pix": PIX_RESULTS,
    "emargements": SHEETS,
    "certificats": CERTIFICATES,
    "attestations": CREDENTIALS,
    "demandes": CLAIMS,
    "lignes": CLAIM_LINES,
    "postes": POSTS,
    "droits": RIGHTS,
}
