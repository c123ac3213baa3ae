"""What a word of the vocabulary is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A short English name for the code, the IRI for the world, a French label for people."""

    name: str
    iri: str
    label: str


def terms(origin: str, *words: tuple[str, str, str]) -> tuple[Term, ...]:
    """Words (name, end of the IRI, label) that share the same origin."""
    return tuple(Term(name, f"{origin}{tail}", label) for name, tail, label in words)
