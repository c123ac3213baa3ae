"""Who people are in the programme."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may be; read from the database at each request."""

    ADVISER = "adviser", "Conseiller numérique"
    TRAINER = "trainer", "Formateur"
    PLACEMENT_TUTOR = "placement_tutor", "Tuteur de stage"
    ORGANISATION_MANAGER = "organisation_manager", "Responsable d’organisme de formation"
    AUTHOR = "author", "Auteur de contenus"
    JURY_MEMBER = "jury_member", "Membre de jury"
    MINISTRY_REPRESENTATIVE = "ministry_representative", "Représentant du ministère"
    PROGRAMME_MANAGER = "programme_manager", "Responsable du programme (ANCT)"
    AUDITOR = "auditor", "Auditeur (ANCT)"
    SERVICE_CERTIFIER = "service_certifier", "Certificateur du service fait (ANCT)"
    PAYER = "payer", "Payeur (ANCT)"
    PREFECT = "prefect", "Préfecture"
    HOST_MANAGER = "host_manager", "Responsable de structure d’accueil"
    ADMINISTRATOR = "administrator", "Administrateur de la plateforme"


# Roles that read the whole country.
NATIONAL_READERS = frozenset({Role.PROGRAMME_MANAGER.value, Role.AUDITOR.value})
# Roles of the training organisation that author or run training.
TRAINING_STAFF = frozenset({Role.ORGANISATION_MANAGER.value, Role.AUTHOR.value, Role.TRAINER.value})


class OrganisationKind(TextChoices):
    TRAINING = "training", "Organisme de formation"
    HOST = "host", "Structure d’accueil"
    AGENCY = "agency", "ANCT"
    MINISTRY = "ministry", "Ministère chargé de l’emploi"
    PREFECTURE = "prefecture", "Préfecture"


class LegalKind(TextChoices):
    PUBLIC = "public", "Publique"
    PRIVATE = "private", "Privée à but non lucratif"


class AwardStatus(TextChoices):
    """How firm the words of a committee are."""

    GRANTED = "granted", "Attribués"
    IN_PRINCIPLE = "in_principle", "Accord préalable de principe"


class AccommodationKind(TextChoices):
    """What may be arranged for a learner (Code du travail, art. L. 5211-4: formation des personnes handicapées)."""

    EXTRA_TIME = "extra_time", "Temps majoré"
    LARGE_PRINT = "large_print", "Documents agrandis"
    SCREEN_READER = "screen_reader", "Supports lisibles par un lecteur d’écran"
    CAPTIONS = "captions", "Sous-titres ou transcription en direct"
    SIGN_LANGUAGE = "sign_language", "Interprète en langue des signes"
    ACCESSIBLE_ROOM = "accessible_room", "Salle accessible en fauteuil"
    BREAKS = "breaks", "Pauses supplémentaires"
    OTHER = "other", "Autre aménagement"


class ShareScope(TextChoices):
    """What an adviser may let someone read of his record."""

    HOURS = "hours", "Heures de formation par année"
    PATHS = "paths", "Parcours et modules suivis"
    CREDENTIALS = "credentials", "Certification et attestations"
