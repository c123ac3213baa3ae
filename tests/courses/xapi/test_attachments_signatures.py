"""Attachments, multipart and signatures (xAPI Data 2.4.11, 2.6, Communication 1.5; 2.0.0 §4.1.3, §4.2.2.6)."""

import base64
import hashlib
import json
from email import message_from_bytes
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from courses.models import Statement
from courses.xapi.signatures import USAGE

from .caller import Ask, Caller
from .statements import statement, substatement
from .tables import Case, covers, table

PAYLOAD = b"\x00\xff\r\n--no boundary\r\n"
MIXED = "multipart/mixed; boundary=limit"


def attachment(content=PAYLOAD, **more):
    return {
        "usageType": "https://of.example/usage",
        "display": {"fr": "Attestation"},
        "contentType": "application/pdf",
        "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(),
        **more,
    }


def part(content=PAYLOAD, **headers):
    """A payload with its headers; a header of None is left out."""
    given = {
        "Content-Type": "application/pdf",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(content).hexdigest(),
        **headers,
    }
    return _section({name: value for name, value in given.items() if value is not None}, content)


def said(body, kind="application/json"):
    return _section({"Content-Type": kind}, body if isinstance(body, bytes) else json.dumps(body).encode())


def mixed(*sections):
    return b"".join(b"--limit\r\n" + one + b"\r\n" for one in sections) + b"--limit--\r\n"


def _section(headers, content):
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + content


def _ask(body, content_type=MIXED):
    return Ask("POST", "statements", {}, body, content_type=content_type)


ONE = statement(attachments=[attachment()])
ELSEWHERE = statement(attachments=[attachment(fileUrl="https://of.example/attestation.pdf")])
OTHER = b"another"

TABLE = [
    Case((127, "4.1.3", "4.2.2.6"), "a payload in a multipart", _ask(mixed(said(ONE), part())), 200),
    Case((127,), "an address, in JSON", _ask(ELSEWHERE, "application/json"), 200),
    Case(
        (127,),
        "an address, in another media type",
        _ask(mixed(said(ELSEWHERE)), "multipart/form-data; boundary=limit"),
        400,
    ),
    Case(
        (127,),
        "a payload, in another media type",
        _ask(mixed(said(ONE), part()), "multipart/form-data; boundary=limit"),
        400,
    ),
    Case((127,), "a payload, in JSON", _ask(mixed(said(ONE), part()), "application/json"), 400),
    Case(("4.1.3",), "an address, in a multipart", _ask(mixed(said(ELSEWHERE))), 200),
    Case(("4.1.3",), "a multipart of no attachment", _ask(mixed(said(statement()))), 200),
    Case((128,), "a part that no statement names", _ask(mixed(said(ONE), part(), part(OTHER))), 400),
    Case(
        (128,),
        "a part beside an attachment that is elsewhere only",
        _ask(mixed(said(statement()), part())),
        400,
    ),
    Case((129,), "a payload that is missing", _ask(mixed(said(ONE))), 400),
    Case((129,), "no address and no multipart", _ask(ONE, "application/json"), 400),
    Case(
        (130,),
        "no boundary before the first part",
        _ask(said(ONE) + b"\r\n--limit\r\n" + part() + b"\r\n"),
        400,
    ),
    Case((130,), "no boundary at all", _ask(said(ONE) + part()), 400),
    Case(
        (131,),
        "a boundary that the header does not say",
        _ask(mixed(said(ONE), part()), "multipart/mixed"),
        400,
    ),
    Case(
        (131,),
        "another boundary than the header's",
        _ask(mixed(said(ONE), part()), "multipart/mixed; boundary=other"),
        400,
    ),
    Case((132,), "a part without hash", _ask(mixed(said(ONE), part(**{"X-Experience-API-Hash": None}))), 400),
    Case(
        (132,),
        "a part of another hash",
        _ask(mixed(said(ONE), part(**{"X-Experience-API-Hash": "a" * 64}))),
        400,
    ),
    Case(
        (132,),
        "a payload that has not its hash",
        _ask(mixed(said(ONE), part(OTHER, **{"X-Experience-API-Hash": ONE["attachments"][0]["sha2"]}))),
        400,
    ),
    Case((133,), "statements in two parts", _ask(mixed(said(ONE), said(statement()), part())), 400),
    Case(
        (133,), "a list of statements in the first part", _ask(mixed(said([ONE, statement()]), part())), 200
    ),
    Case((134,), "a first part that is not JSON", _ask(mixed(said(ONE, "text/plain"), part())), 400),
    Case((134,), "the payload first", _ask(mixed(part(), said(ONE))), 400),
    Case(
        (135,),
        "a part that is not said to be binary",
        _ask(mixed(said(ONE), part(**{"Content-Transfer-Encoding": None}))),
        400,
    ),
    Case(
        (135,),
        "a part in Base64",
        _ask(mixed(said(ONE), part(**{"Content-Transfer-Encoding": "base64"}))),
        400,
    ),
    Case(
        (127,),
        "one payload for two statements",
        _ask(mixed(said([ONE, statement(attachments=[attachment()])]), part())),
        200,
    ),
    Case(
        (127,),
        "an attachment of a statement within",
        _ask(mixed(said(statement(object=substatement(attachments=[attachment()]))), part())),
        200,
    ),
    Case(
        (127,),
        "PUT too",
        Ask(
            "PUT",
            "statements",
            {"statementId": "7d3f1c1e-52ad-4a44-9f6a-0d5d1f4f0a11"},
            mixed(said(ONE), part()),
            content_type=MIXED,
        ),
        204,
    ),
    Case(
        (131,),
        "a boundary between quotes, and more parameters",
        _ask(mixed(said(ONE), part()), 'multipart/mixed; charset=x; boundary="limit"'),
        200,
    ),
]


@pytest.mark.django_db
@table(TABLE)
def test_what_carries_attachments(case, version):
    answer = Caller(version=version).send(case.ask)

    assert answer.status_code == case.status, answer.content
    assert Statement.objects.exists() == (case.status < 400)


def _parts(answer):
    return message_from_bytes(
        f"Content-Type: {answer['Content-Type']}\r\n\r\n".encode() + answer.content
    ).get_payload()


class TestReading:
    @covers(161, 165, 167, "4.1.3", "4.1.6.1")
    def test_the_very_bytes_come_back_when_asked(self, caller):
        caller.send(_ask(mixed(said([ONE, statement(attachments=[attachment()])]), part())))

        with_them = caller.get("statements", {"attachments": "true"})
        without = caller.get("statements", {"attachments": "false"})

        first, second = _parts(with_them)  # the same content once
        assert len(json.loads(first.get_payload())["statements"]) == 2
        assert second["X-Experience-API-Hash"] == ONE["attachments"][0]["sha2"]
        assert (second["Content-Type"], second["Content-Transfer-Encoding"]) == ("application/pdf", "binary")
        assert PAYLOAD in with_them.content
        assert without["Content-Type"] == "application/json"
        assert with_them["Content-Type"].startswith("multipart/mixed; boundary=xapi-")

    @covers(167)
    def test_a_multipart_even_without_attachment(self, caller):
        (uuid,) = caller.store(statement())

        answer = caller.get("statements", {"statementId": uuid, "attachments": "true"})

        (only,) = _parts(answer)
        assert json.loads(only.get_payload())["id"] == uuid


@cache
def _private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _jws(said_, alg="RS256", **header):
    algorithm = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}.get(
        alg, hashes.SHA256()
    )
    body = said_ if isinstance(said_, bytes) else json.dumps(said_).encode()
    signed = _encoded(json.dumps({"alg": alg, **header}).encode()) + b"." + _encoded(body)
    return signed + b"." + _encoded(_private().sign(signed, padding.PKCS1v15(), algorithm))


def _signed(payload, body=None, kind="application/octet-stream"):
    one = attachment(payload, usageType=USAGE, contentType=kind)
    return mixed(
        said({**(body or statement()), "attachments": [one]}), part(payload, **{"Content-Type": kind})
    )


class TestSignatures:
    @pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
    @covers(115, 116, 117, "4.2.2.6")
    def test_a_signature_of_what_is_said_is_accepted(self, caller, alg):
        assert caller.send(_ask(_signed(_jws(statement(), alg)))).status_code == 200

    @pytest.mark.parametrize(
        ("payload", "kind"),
        [
            pytest.param(_jws(statement(), "HS256"), "application/octet-stream", id="HS256"),
            pytest.param(_jws(statement(), "none"), "application/octet-stream", id="none"),
            pytest.param(_jws(statement(), "ES256"), "application/octet-stream", id="ES256"),
            pytest.param(_jws(statement(), "rs256"), "application/octet-stream", id="small letters"),
            pytest.param(_jws(statement()), "application/json", id="another media type"),
            pytest.param(_jws(statement(result={})), "application/octet-stream", id="another statement"),
            pytest.param(_jws(b"no JSON"), "application/octet-stream", id="no JSON"),
            pytest.param(_jws([]), "application/octet-stream", id="no statement"),
            pytest.param(b"no JWS", "application/octet-stream", id="no JWS"),
            pytest.param(b"a.b.c", "application/octet-stream", id="three letters"),
            pytest.param(_jws(statement()).rpartition(b".")[0], "application/octet-stream", id="two parts"),
            pytest.param(_jws(statement(), x5c=["AAAA"]), "application/octet-stream", id="no certificate"),
            pytest.param(_jws(statement(), x5c=[]), "application/octet-stream", id="no certificates"),
            pytest.param(
                _jws(statement(), x5c={"0": 1}),
                "application/octet-stream",
                id="certificates that are an object",
            ),
            pytest.param(b"\xff\xfe", "application/octet-stream", id="bytes"),
            pytest.param(b"", "application/octet-stream", id="nothing"),
        ],
    )
    @covers(115, 116, 117)
    def test_any_other_is_refused(self, caller, payload, kind):
        assert caller.send(_ask(_signed(payload, kind=kind))).status_code == 400
        assert not Statement.objects.exists()
