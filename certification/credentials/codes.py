"""Verification codes: 28 characters without look-alikes nor vowels, 128 bits and a little more."""

import secrets

from courses.shared.identifiers import PIX_CODE_ALPHABET

ALPHABET = PIX_CODE_ALPHABET
LENGTH = 28
GROUP = 4


def new_code() -> str:
    """A code that nobody can guess: 24 letters to the power of 28 is more than 2 to the power of 128."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise(typed: str) -> str:
    """What a person typed, without spaces and dashes, in capitals."""
    return "".join(character for character in typed.upper() if character.isalnum())


def is_well_formed(code: str) -> bool:
    """Right length, right alphabet."""
    return len(code) == LENGTH and all(character in ALPHABET for character in code)


def grouped(code: str) -> str:
    """As printed: groups of four."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
