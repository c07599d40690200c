"""Keeps secrets out of whatever is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from receipts.edge.settings import push_tokens
from receipts.settings import ALIYUN_PUSH_TOKENS, HUAWEI_APPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY_VARIABLES = (
    "AccessKeyID",
    "AccessKeySecret",
    "SecurityToken",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
)
KEY_SUFFIX = "_serverless_devs_key"
MASK = "***"


class Masks:
    """The secrets of one environment.

    Args:
        environ: where they stand.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        found = {text for secret in _secrets(environ) for text in _spellings(secret)}
        # The longest first: one may hold another.
        self._found = sorted(found, key=len, reverse=True)

    def masked(self, text: str) -> str:
        """The text with every secret in it hidden."""
        for secret in self._found:
            text = text.replace(secret, MASK)
        return text


def _secrets(environ: Mapping[str, str]) -> Iterator[str]:
    yield from push_tokens(environ.get(ALIYUN_PUSH_TOKENS.name, ""))
    for name, value in environ.items():
        if name in KEY_VARIABLES:
            yield value.strip()
        elif name == HUAWEI_APPS.name or name.endswith(KEY_SUFFIX):
            yield value.strip()
            yield from _texts_of(value)


def _texts_of(written: str) -> Iterator[str]:
    """The values of a JSON object of texts; none where it is no such thing, and the whole is hidden then."""
    try:
        read = json.loads(written)
    except (ValueError, RecursionError):
        return
    if isinstance(read, dict):
        # The account's number is no secret, and stands in every address.
        yield from (text for key, text in read.items() if isinstance(text, str) and key != "AccountID")


def _spellings(secret: str) -> set[str]:
    """As it is, inside a JSON text, inside one that stands in another, and in an address."""
    once = json.dumps(secret)[1:-1]
    return {secret, once, json.dumps(once)[1:-1], quote(secret, safe="")} - {""}
