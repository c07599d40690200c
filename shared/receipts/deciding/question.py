"""What the platform asks: read from the body of a Block-mode call event or text notification.

Source: Huawei Cloud PrivateNumber, call event notification and SMS notification of the modes X and AX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.deciding.numbers import normal
from receipts.edge.questions import CALL, TEXT, named
from receipts.json_text import parsed
from receipts.vendor.keys import key

if TYPE_CHECKING:
    from receipts.edge.questions import Kind

# What an answer may repeat.
MOST_CALLING = 64
# Longer ones name no application.
MOST_APP_KEY = 512


class Question(NamedTuple):
    """A call that waits to be connected, or a text that waits to be forwarded.

    Attributes:
        kind: `call` or `text`.
        id: `sessionId` or `smsIdentifier`; empty where there is none that the question's own row can have.
        app_key: whose it is, as far as the body or the request says.
        number_x: the privacy number, in the one form; empty where it cannot be read.
        party: who calls or writes, in the one form; empty where that cannot be read.
        calling: who writes, exactly as it came: the answer to a text repeats it.
    """

    kind: Kind
    id: str
    app_key: str
    number_x: str
    party: str
    calling: str


def read(body: bytes, kind: Kind, app_key: str = "") -> Question:
    """The question in a body that is one, however its fields are spelt: what cannot be read is empty.

    `kind`: what asks, as a body may tell of a call and a text. `app_key`: whose push it is, where the body does not
    say.
    """
    try:
        fields = named(parsed(body))
    except (ValueError, RecursionError):
        fields = {}
    app_key = _text(fields.get("appkey"), MOST_APP_KEY) or app_key
    if kind == TEXT:
        text = named(fields.get("smsevent"))
        calling = _text(text.get("calling"), MOST_CALLING)
        number_x = normal(text.get("virtualnumber"))
        return Question(TEXT, _id(text.get("smsidentifier")), app_key, number_x, normal(calling), calling)
    call = named(fields.get("statusinfo"))
    caller = _text(call.get("caller"), MOST_CALLING)
    return Question(CALL, _id(call.get("sessionid")), app_key, normal(call.get("called")), normal(caller), caller)


def _id(value: Any) -> str:
    """The id by the rule by which it becomes a row's key: question and decision must end in the same row."""
    try:
        return key(value)
    except ValueError:
        return ""


def _text(value: Any, most: int) -> str:
    """The text; of a whole number its digits; empty for anything else, and for what is too long to be one."""
    if type(value) is int and abs(value) < 10**MOST_CALLING:
        return str(value)
    return value if isinstance(value, str) and len(value) <= most else ""
