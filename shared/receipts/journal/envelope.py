"""The envelope: one push, or a part of one, as a queue message.

A JSON object; on the queue its UTF-8 text is Base64, as MNS clients do. Version 1:

    v       1
    vendor  "aliyun" or "huawei"
    type    the message type as it stood in the path; of Huawei's always "notification", as the body says what it is
    at      when it was received, epoch milliseconds
    id      the request id, the same for every part of one push
    part    position in the push of the first receipt of this part (absent in the first part)
    enc     how `body` is written: "text", "base64" (of bytes that are not UTF-8), "zlib" (Base64 of compressed bytes),
            or "claim": the body is an object in the bucket, and `body` its key
    body    the body exactly as it was pushed

and, with a claim only:

    bucket  the bucket's name
    bytes   the object's length
    sha256  of the object's bytes, in hex

A claimed object belongs to this one message: its key is made from `id`, `part` and the bytes, so that nothing else
claims it, and the same message that is on the queue twice claims the same bytes. It is put before the message is
sent and removed after its receipts are stored, and its life in the bucket is longer than that of any message. Who
finds it gone has therefore met a message whose receipts are stored already, unless the claim is as old as the bucket's
rule that removes what a crash left: then nobody can tell, and the message becomes a dead letter.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.errors import BadEnvelope

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 1
# Nothing that went in through `receive` unpacks to more than its own limit of 32 MB.
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
# Epoch milliseconds of 13 digits: until the year 2286.
LATEST = 10**13
# Receipts repeat their field names: the fastest level, with fixed codes, already takes six sevenths away.
FAST = 1
HARD = 6
# The keys that claims may name, and no other.
CLAIM_PREFIX = "oversize/"
_CLAIM_KEY = re.compile(CLAIM_PREFIX + r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9a-f]{32}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Made once: json.dumps would make one anew for every message.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Claim(NamedTuple):
    """An object that holds a body: bucket, key, length in bytes, and hex SHA-256 of the bytes."""

    bucket: str
    key: str
    size: int
    sha256: str


class Envelope(NamedTuple):
    """One journalled push: what came, as what, and when (`at` in epoch milliseconds).

    With a `claim`, `body` is empty until the object has been fetched.
    """

    vendor: str
    type: str
    at: int
    id: str
    body: bytes
    part: int = 0
    claim: Claim | None = None


def plain(envelope: Envelope) -> bytes:
    """The queue message with the body as it is."""
    try:
        return _message(envelope, "text", _JSON.encode(envelope.body.decode()).encode())
    except UnicodeDecodeError:
        return _message(envelope, "base64", b'"' + base64.b64encode(envelope.body) + b'"')


def compressed(envelope: Envelope) -> bytes:
    """The queue message with the body compressed, as fast as can be."""
    packer = zlib.compressobj(FAST, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_FIXED)
    return _zlib(envelope, packer.compress(envelope.body) + packer.flush())


def pressed_hard(envelope: Envelope) -> bytes:
    """The queue message with the body compressed as small as it gets."""
    return _zlib(envelope, zlib.compress(envelope.body, HARD))


def claimed(envelope: Envelope, claim: Claim) -> bytes:
    """The queue message that claims the object with the body."""
    body = f'"{claim.key}","bucket":"{claim.bucket}","bytes":{claim.size},"sha256":"{claim.sha256}"'
    return _message(envelope, "claim", body.encode())


def _zlib(envelope: Envelope, packed: bytes) -> bytes:
    return _message(envelope, "zlib", b'"' + base64.b64encode(packed) + b'"')


def _message(envelope: Envelope, encoding: str, body: bytes) -> bytes:
    """The message; `body` is JSON already, as Base64 needs no escapes and is most of it."""
    vendor, kind, at, request_id, _, part, _ = envelope
    parts = {"part": part} if part else {}
    fields = {"v": VERSION, "vendor": vendor, "type": kind, "at": at, "id": request_id, **parts, "enc": encoding}
    head = _JSON.encode(fields).encode("utf-8", "surrogatepass")[:-1]
    return base64.b64encode(b"".join((head, b',"body":', body, b"}")))


def opened(message: object, loads: Callable[[bytes], Any] = json.loads) -> Envelope:
    """The envelope in a queue message: the Base64 text, the JSON text, or the JSON object already parsed.

    `loads`: reads JSON as `json.loads` does; a caller that has a faster reader passes it in.

    Raises:
        BadEnvelope: it is none of these, or of another version.
    """
    fields = fields_in(message, loads)
    if fields.get("v") != VERSION:
        raise BadEnvelope("not an envelope of version 1")
    vendor, kind, request_id = (fields.get(name) for name in ("vendor", "type", "id"))
    if not (isinstance(vendor, str) and isinstance(kind, str) and isinstance(request_id, str)):
        raise BadEnvelope("vendor, type or id is missing")
    at, part = fields.get("at"), fields.get("part", 0)
    if not (type(at) is int and type(part) is int and 0 <= at < LATEST):
        raise BadEnvelope("at is not a moment, or part not a whole number")
    if fields.get("enc") == "claim":
        return Envelope(vendor, kind, at, request_id, b"", part, _claim(fields))
    return Envelope(vendor, kind, at, request_id, _body(fields), part)


def fields_in(message: object, loads: Callable[[bytes], Any] = json.loads) -> dict[str, Any]:
    """What a queue message of this bundle's own holds, in the forms that `opened` takes. Raises BadEnvelope."""
    if isinstance(message, str):
        message = message.encode("utf-8", "surrogatepass")
    if isinstance(message, bytes):
        text = message.lstrip()
        try:
            if not text.startswith(b"{"):
                text = base64.b64decode(text, validate=True)
            message = loads(text)
        except (ValueError, RecursionError):
            raise BadEnvelope("neither JSON nor Base64 of JSON") from None
    if not isinstance(message, dict):
        raise BadEnvelope("not a JSON object")
    return message


def _body(fields: dict[str, Any]) -> bytes:
    encoding, body = fields.get("enc"), fields.get("body")
    if not isinstance(body, str):
        raise BadEnvelope("body is not a string")
    if encoding == "text":
        return body.encode("utf-8", "surrogatepass")
    if encoding not in ("base64", "zlib"):
        raise BadEnvelope("enc is not known")
    try:
        packed = base64.b64decode(body, validate=True)
        return packed if encoding == "base64" else _unpacked(packed)
    except (binascii.Error, ValueError, zlib.error):
        raise BadEnvelope("body is not what enc says") from None


def _claim(fields: dict[str, Any]) -> Claim:
    key, bucket, size, sha256 = (fields.get(name) for name in ("body", "bucket", "bytes", "sha256"))
    told = ((key, _CLAIM_KEY), (bucket, _BUCKET), (sha256, _SHA256))
    if not all(isinstance(value, str) and form.fullmatch(value) for value, form in told):
        raise BadEnvelope("the claim names no object of this bundle's own")
    if type(size) is not int or not 0 < size <= MOST_UNPACKED_BYTES:
        raise BadEnvelope("the claim's length is none")
    return Claim(str(bucket), str(key), size, str(sha256))


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    body = stream.decompress(packed, MOST_UNPACKED_BYTES)
    if not stream.eof:
        raise BadEnvelope("body is cut short or unpacks to more than is ever taken in")
    return body
