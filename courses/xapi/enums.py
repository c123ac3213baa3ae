"""Where a statement comes from decides what it may count for."""

from django.db.models import TextChoices


class EvidenceClass(TextChoices):
    """promises.md §1: provenance, set by the server."""

    E0 = "E0", "Déclaré ou observé"
    E1 = "E1", "Noté par le serveur"
    E2 = "E2", "Attesté"
    E3 = "E3", "Décidé par un jury"
    E4 = "E4", "Importé"


# Classes that may carry minutes, money or a module's success.
PROVING = frozenset({EvidenceClass.E1.value, EvidenceClass.E2.value, EvidenceClass.E3.value})


class Scope(TextChoices):
    STATEMENTS_WRITE = "statements/write", "Écrire des traces"
    STATEMENTS_READ_MINE = "statements/read/mine", "Lire ses propres traces"
    STATEMENTS_READ = "statements/read", "Lire les traces de l’organisation"
    STATE = "state", "États"
    PROFILE = "profile", "Profils"
    ALL = "all", "Tout"


class DocumentKind(TextChoices):
    STATE = "state", "État"
    AGENT_PROFILE = "agent_profile", "Profil d’acteur"
    ACTIVITY_PROFILE = "activity_profile", "Profil d’activité"
