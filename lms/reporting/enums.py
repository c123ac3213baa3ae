"""What a reader may ask for."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """The steps of the funnel; French words stand in the address."""

    ANY = "", "Tous"
    IN_POST = "poste", "En poste"
    ENROLLED = "inscrit", "Inscrits à un parcours"
    COMPLETED = "forme", "Parcours achevé"
    CANDIDATE = "candidat", "Candidats"
    CERTIFIED = "certifie", "Certifiés"


class ItemKind(TextChoices):
    """The colours of a timeline."""

    FACT = "fact", "Faits"
    DECISION = "decision", "Décisions"
    EVIDENCE = "evidence", "Preuves"
    MONEY = "money", "Argent"


NO_POST = "sans"  # the département of those who held no post that day
