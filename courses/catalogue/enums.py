"""What training is made of."""

from django.db.models import TextChoices


class ActivityKind(TextChoices):
    LESSON = "lesson", "Leçon"
    QUIZ = "quiz", "Questionnaire"
    SESSION = "session", "Séance avec un formateur"
    PLACEMENT = "placement", "Stage"


class SessionMode(TextChoices):
    ON_SITE = "on_site", "En présence"
    REMOTE = "remote", "À distance, en direct"


class Theme(TextChoices):
    """What a path is about: the themes attested in the programme, and those of everyday mediation."""

    TRADE = "trade", "Métier de la médiation"
    PARENTING = "parenting", "Parentalité numérique"
    DISABILITY = "disability", "Publics en situation de handicap"
    SUSTAINABILITY = "sustainability", "Numérique responsable"
    CYBERSECURITY = "cybersecurity", "Cybersécurité"
    AI = "ai", "Intelligence artificielle"
    CARERS_CONNECT = "carers_connect", "Aidants Connect"
    HEALTH = "health", "Santé en ligne"
    WORK = "work", "Emploi et insertion"
    RIGHTS = "rights", "Démarches en ligne et accès aux droits"
    EQUIPMENT = "equipment", "Smartphone, ordinateur et applications"
    MEDIA = "media", "Information et esprit critique"
    DATA = "data", "Données personnelles et identité"
    SENIORS = "seniors", "Séniors et lien social"
    BUSINESS = "business", "TPE, PME et associations"
    LITERACY = "literacy", "Illettrisme et allophonie"
    OUTREACH = "outreach", "Aller-vers et itinérance"


class Mission(TextChoices):
    """The three public objectives of the programme (domain: missions of a conseiller numérique)."""

    EVERYDAY = "everyday", "Soutenir les usages quotidiens"
    CITIZEN = "citizen", "Favoriser des usages citoyens et critiques"
    AUTONOMY = "autonomy", "Rendre autonome pour les démarches administratives"


class Level(TextChoices):
    BEGINNER = "beginner", "Débutant"
    INTERMEDIATE = "intermediate", "Intermédiaire"
    ADVANCED = "advanced", "Avancé"
