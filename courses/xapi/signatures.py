"""Signed statements (xAPI Data 2.6): the JWS of a statement says what the statement says."""

import base64
import binascii
from typing import Any, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from courses.shared import strict_json

from . import rules
from .errors import StatementError

USAGE = "http://adlnet.gov/expapi/attachments/signature"
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512(),
}  # fmt: skip
_MAY_LACK = ("id", "timestamp", *rules.SERVER_SET)


def check(statement: dict[str, Any], attachment: dict[str, Any], payload: bytes, path: str) -> None:
    """StatementError unless `payload` is a compact JWS of `statement`; a certificate that it brings must fit."""
    if attachment["contentType"] != "application/octet-stream":
        _refuse(path, "une signature est application/octet-stream", "a signature is application/octet-stream")
    try:
        head, body, signature = (part.encode() for part in payload.decode("ascii").strip().split("."))
        header, said = strict_json.loads(_decoded(head)), strict_json.loads(_decoded(body))
        mark = _decoded(signature)
    except (ValueError, strict_json.JsonError, binascii.Error):
        _refuse(path, "la signature n’est pas un JWS", "the signature is not a JWS")
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str) or header["alg"] not in _HASHES:
        _refuse(path, "RS256, RS384 ou RS512 attendu", "RS256, RS384 or RS512 expected")
    if not isinstance(said, dict) or not _same(statement, said, attachment):
        _refuse(path, "la signature dit autre chose que la trace", "the signature is of another statement")
    if "x5c" in header:
        _verify(header, head + b"." + body, mark, path)


def _decoded(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _same(statement: dict[str, Any], said: dict[str, Any], attachment: dict[str, Any]) -> bool:
    """The signer signs before attaching: his own attachment and what the server sets may be missing."""
    others = [one for one in statement["attachments"] if one is not attachment]
    bare = {key: value for key, value in statement.items() if key != "attachments"}
    if others:
        bare["attachments"] = others
    lacking = {key for key in _MAY_LACK if key not in said}
    said = {key: value for key, value in said.items() if key != "attachments" or others}
    bare = {key: value for key, value in bare.items() if key not in lacking}
    try:
        return rules.same_statement(bare, said)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False  # not even a statement


def _verify(header: dict[str, Any], signed: bytes, mark: bytes, path: str) -> None:
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0], validate=True))
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise TypeError
        key.verify(mark, signed, padding.PKCS1v15(), _HASHES[header["alg"]])
    except (ValueError, TypeError, LookupError, InvalidSignature):
        _refuse(path, "la signature ou son certificat est faux", "wrong signature or certificate")


def _refuse(path: str, french: str, english: str) -> NoReturn:
    raise StatementError(path, french, english)
