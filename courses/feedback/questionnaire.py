"""The questionnaire, as data: its versions, its scale, and from how many answers on anything is shown."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "questionnaire.json"
HIGHEST = 5


@dataclass(frozen=True)
class SurveyQuestion:
    """A sentence that one agrees with, from 1 to 5; `short` names it in a table."""

    code: str
    short: str
    text: str


@dataclass(frozen=True)
class Questionnaire:
    """One version. A published version is never changed: another one follows it."""

    version: str
    comment: str
    questions: tuple[SurveyQuestion, ...]


@dataclass(frozen=True)
class Surveys:
    """Every version, the last one being asked today; the thresholds; the words of the scale, from 1 to 5."""

    threshold: int
    comments: int
    scale: tuple[str, ...]
    versions: tuple[Questionnaire, ...]

    @property
    def current(self) -> Questionnaire:
        return self.versions[-1]

    @property
    def questions(self) -> tuple[SurveyQuestion, ...]:
        """Every question ever asked, each in its latest words, those of today first."""
        known = {q.code: q for version in self.versions for q in version.questions}
        today = [q.code for q in self.current.questions]
        return tuple(known[code] for code in [*today, *(code for code in known if code not in today)])


@cache
def surveys() -> Surveys:
    """Read once."""
    given = json.loads(DATA.read_text(encoding="utf-8"))
    versions = tuple(
        Questionnaire(v["version"], v["comment"], tuple(SurveyQuestion(**q) for q in v["questions"]))
        for v in given["versions"]
    )
    return Surveys(given["threshold"], given["comments"], tuple(given["scale"]), versions)
