"""What an answer means, when to try again, and which address is one: pure."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from urllib.parse import urlsplit

from courses.xapi.enums import EvidenceClass

from .errors import ExternalStoreError

FIRST_DELAY = 10
LONGEST_DELAY = 15 * 60
STATEMENTS = "statements"
_CONFLICT = 409
_FORBIDDEN = 403
_REFUSALS = frozenset({400, 413, 422})


class Verdict(Enum):
    """What the answer to a request says of the statements in it."""

    ACCEPTED = "accepted"
    SPLIT = "split"  # one of the batch is at fault: ask one by one
    REFUSED = "refused"  # this very statement, for good
    FORBIDDEN = "forbidden"  # this statement, or all: the others will tell
    FAILED = "failed"  # nothing can be sent now


def verdict(status: int, *, alone: bool) -> Verdict:
    """`alone`: the request held one statement. A statement that is there already (409) has arrived."""
    if 200 <= status < 300:
        return Verdict.ACCEPTED
    if not alone:
        return Verdict.SPLIT if status in _REFUSALS | {_CONFLICT, _FORBIDDEN} else Verdict.FAILED
    if status == _CONFLICT:
        return Verdict.ACCEPTED
    if status == _FORBIDDEN:
        return Verdict.FORBIDDEN
    return Verdict.REFUSED if status in _REFUSALS else Verdict.FAILED


_CAUSES = {
    400: "Le magasin juge la trace invalide",
    401: "Le magasin refuse l’identifiant ou le secret",
    403: "Le magasin interdit l’envoi",
    404: "Le magasin n’est pas à cette adresse",
    413: "Le magasin juge l’envoi trop grand",
    422: "Le magasin juge la trace invalide",
    429: "Le magasin demande de ralentir",
}


def cause(status: int, detail: str) -> str:
    """A French sentence, then what the other side said."""
    if status in _CAUSES:
        words = _CAUSES[status]
    elif 300 <= status < 400:
        words = "Le magasin renvoie vers une autre adresse : corrigez la sienne"
    else:
        words = "Le magasin est en panne" if status >= 500 else "Le magasin a donné une réponse imprévue"
    return f"{words} (réponse {status})" + (f" : {detail}" if detail else ".")


def pause(failures: int, *, jitter: int, asked: int = 0) -> timedelta:
    """10 s, doubled at each failure in a row, 15 min at most; `jitter` (0 to 100) takes away up to a fifth of it.

    `asked`: the seconds that the other side wishes, within the same bound.
    """
    full = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(max(failures - 1, 0), 10))
    chosen = full - full * jitter // 500
    return timedelta(seconds=max(chosen, min(asked, LONGEST_DELAY)))


def endpoint(given: str, *, only_https: bool) -> str:
    """The address of a record store, ending in a slash; ExternalStoreError names what is wrong with it."""
    text = given.strip().removesuffix("/").removesuffix(f"/{STATEMENTS}")
    try:
        url = urlsplit(text)
        port_is_right = url.port is None or url.port > 0
    except ValueError:
        url, port_is_right = urlsplit(""), False
    faults = {
        "L’adresse commence par https://.": only_https and url.scheme != "https",
        "L’adresse commence par https:// ou http://.": url.scheme not in {"https", "http"},
        "L’adresse est illisible.": not url.hostname or not port_is_right or not _is_plain(text),
        "L’adresse ne contient ni identifiant ni mot de passe.": "@" in url.netloc,
        "L’adresse ne contient ni « ? » ni « # ».": "?" in text or "#" in text,
        "L’adresse ne dépasse pas 300 signes.": len(text) > 299,
    }
    for sentence, wrong in faults.items():
        if wrong:
            raise ExternalStoreError(sentence, field="endpoint")
    return f"{text}/"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def verb_lines(given: Iterable[str]) -> str:
    """IRIs, one a line, each once; ExternalStoreError for what is not one."""
    iris = list(dict.fromkeys(iri.strip() for iri in given if iri.strip()))
    for iri in iris:
        if not urlsplit(iri).scheme or " " in iri or len(iri) > 500:
            raise ExternalStoreError(f"« {iri[:80]} » n’est pas l’IRI d’un verbe.", field="verbs")
    return "\n".join(iris)


def class_words(given: Iterable[str]) -> str:
    """Evidence classes in their order, separated by spaces; all of them are the same as none."""
    wanted = set(given)
    if unknown := wanted - set(EvidenceClass.values):
        raise ExternalStoreError(
            f"Classe de preuve inconnue : {', '.join(sorted(unknown))}.", field="classes"
        )
    return "" if wanted == set(EvidenceClass.values) else " ".join(sorted(wanted))
