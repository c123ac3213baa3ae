"""What the learners of the demonstration say of their modules: enough for a figure here, too few there."""

from datetime import datetime, timedelta
from random import Random

from courses import api as courses
from courses.models import ModuleProgress

from .story import Training

COMMENTS = (
    "Les exemples viennent de nos permanences, je m’en sers dès le lendemain.",
    "La dernière séance va trop vite, il faudrait une demi-journée de plus.",
    "Formateur très disponible.",
    "Plus d’exercices sur téléphone, s’il vous plaît : c’est là que les gens demandent de l’aide.",
    "Le questionnaire final m’a aidé à voir ce qui me manquait.",
    "J’aurais aimé revoir les supports avant la séance.",
    "Très bon groupe, on échange beaucoup entre conseillers.",
)
# How much more or less than the others a question pleases, in the order of the questionnaire.
LEANINGS = (0, 1, 1, 0, -1, 0)


def give(training: Training, moment: str, at: datetime, *, silent: int = 0) -> None:
    """Those of a cohort who may, but the last `silent` ones, give an opinion of each module; the same each time."""
    chosen = Random(f"{training.version.pk}-{moment}-{at:%Y%m}")  # noqa: S311  (a demonstration, not a secret)
    codes = [question.code for question in courses.surveys().current.questions]
    late = moment == courses.Moment.AFTER
    for rank, module in enumerate(courses.modules_of(training.version)):
        mood = 3 + (rank + late) % 2
        for step, adviser in enumerate(training.advisers[: len(training.advisers) - silent]):
            progress = ModuleProgress.objects.get(enrolment=training.enrolments[adviser.pk], module=module)
            if courses.moment_of(progress) != moment:
                continue
            marks = {
                code: max(1, min(5, mood + leaning + chosen.choice((-1, 0, 0, 1))))
                for code, leaning in zip(codes, LEANINGS, strict=True)
            }
            courses.answer_survey(
                adviser=adviser,
                module=module,
                moment=moment,
                marks=marks,
                comment=COMMENTS[(rank + step + 2 * late) % len(COMMENTS)] if step % 3 == 0 else "",
                at=at + timedelta(minutes=step),
            )
