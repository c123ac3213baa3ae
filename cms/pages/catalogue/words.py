"""Words as people type them: without accents, with typing errors. Pure; the same on every database."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 100
MOST_WORDS = 12
EXACT, BEGINNING, NEAR, FAR = 100, 80, 60, 40
_COMMON = "a au aux avec ce ces d dans de des du en et l la le les leur ou par pour qu que qui s sur un une"
_TOO_COMMON = frozenset(_COMMON.split())
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def cleaned(text: str) -> str:
    """What was typed, on one line, at a length that makes sense."""
    return " ".join(text[: LONGEST * 10].replace("\x00", " ").split())[:LONGEST]


def words_of(text: str) -> list[str]:
    """« Œuvrer à l’Été » → oeuvrer, a, l, ete."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word for word in _NOT_WORD.split(plain) if word]


def asked_words(text: str) -> list[str]:
    """The words that tell something; all of them when none does."""
    words = words_of(text)[:MOST_WORDS]
    return [word for word in words if word not in _TOO_COMMON] or words


def weighed(fields: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Each word of the fields with its best weight."""
    weights: dict[str, int] = {}
    for text, weight in fields:
        for word in words_of(text):
            if word not in _TOO_COMMON and weights.get(word, 0) < weight:
                weights[word] = weight
    return weights


@dataclass(frozen=True)
class Answer:
    """How well each document answers, and what was understood when a word was not found as typed."""

    scores: dict[int, int] = field(default_factory=dict)
    understood: tuple[str, ...] = ()


class Words:
    """The words of all documents, turned around: from a word to where it stands and how much it weighs there."""

    def __init__(self, documents: Iterable[Mapping[str, int]]) -> None:
        self.places: dict[str, dict[int, int]] = {}
        for number, weights in enumerate(documents):
            for word, weight in weights.items():
                self.places.setdefault(word, {})[number] = weight
        self.known = list(self.places)

    def search(self, text: str) -> Answer:
        """The documents that hold every word asked, or a word close to it."""
        scores: dict[int, int] | None = None
        understood: list[str] = []
        for word in asked_words(text):
            found = self._alike(word)
            if found and max(found.values()) < BEGINNING:
                understood.append(max(found, key=lambda known: found[known]))
            best: dict[int, int] = {}
            for known, likeness in found.items():
                for number, weight in self.places[known].items():
                    best[number] = max(best.get(number, 0), likeness * weight)
            scores = (
                best
                if scores is None
                else {number: scores[number] + best[number] for number in scores.keys() & best.keys()}
            )
        return Answer(scores or {}, tuple(understood))

    def _alike(self, word: str) -> dict[str, int]:
        """The known words that this one may be, and how much so."""
        found: dict[str, int] = {}
        if len(word) > 1:
            found |= {known: BEGINNING for known in self.known if known.startswith(word)}
        if word in self.places:
            found[word] = EXACT
        slips = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        if slips:
            near = process.extract(word, self.known, scorer=OSA.distance, score_cutoff=slips, limit=None)
            for known, distance, _ in near:
                # The first letter is seldom the wrong one: « santé » is not « manté ».
                if distance and (known[0] == word[0] or len(word) > 5):
                    found[known] = max(found.get(known, 0), NEAR if distance == 1 else FAR)
        return found
