"""The issuer’s signing keys: Ed25519, on disk outside the database, named by their thumbprint (RFC 7638).

The last file by name signs; the others stay published, so that what they signed can still be checked. To rotate, add
`credential-0002.pem`; to retire a private key, leave only its public half in a file of the same name.
"""

import contextlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"
FIRST = "credential-0001.pem"


def folder() -> Path:
    """Where the keys live: readable by the service’s account only."""
    return Path(settings.LMS_VAR_DIR) / "keys"


def published() -> list[OKPKey]:
    """Every known key, oldest first; none until the first credential is signed."""
    return [OKPKey.import_key(path.read_bytes()) for path in sorted(folder().glob("*.pem"))]


def signing_key() -> OKPKey:
    """The key that signs today; made on first use."""
    private = [key for key in published() if key.is_private]
    return private[-1] if private else _create()


def key_set() -> dict[str, Any]:
    """The public halves, as a JSON Web Key Set."""
    described = {"use": "sig", "alg": ALGORITHM}
    return {
        "keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), **described} for key in published()]
    }


def sign(payload: str, key: OKPKey) -> str:
    """Compact JWS of a payload; the algorithm is pinned."""
    header = {"alg": ALGORITHM, "kid": key.thumbprint()}
    return jws.serialize_compact(header, payload.encode(), key, algorithms=[ALGORITHM])


def signed_payload(signature: str, key_id: str) -> str | None:
    """The payload inside a compact JWS, if the published key `key_id` signed it; None otherwise."""
    key = next((key for key in published() if key.thumbprint() == key_id), None)
    if key is None:
        return None
    try:
        opened = jws.deserialize_compact(signature, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return None
    if opened.headers() != {"alg": ALGORITHM, "kid": key_id} or opened.payload is None:
        return None
    return opened.payload.decode(errors="replace")


def _create() -> OKPKey:
    """The first key. Two processes may try at once: the link gives the name to one of them, both read it."""
    home = folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=home, suffix=".draft") as draft:  # made with mode 0600
        draft.write(OKPKey.generate_key(ALGORITHM).as_pem(private=True))
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, home / FIRST)
    return OKPKey.import_key((home / FIRST).read_bytes())
