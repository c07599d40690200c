"""SecretAsrReport: a call as text. camelCase on the wire in both forms.

Source: Alibaba Cloud PLS, SecretAsrReport over MNS and over HTTP.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from receipts.vendor.fields import Content, Text, Whole
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class Sentence(VendorReceipt):
    """One sentence. `begin_time` and `end_time` are milliseconds from the beginning of the audio.

    `silence_duration` (seconds), `speech_rate` (words per minute) and `emotion_value` (1 to 10) are numbers that
    the vendor writes as text. Which party `channel_id` stands for is not documented.
    """

    begin_time: Whole = None
    end_time: Whole = None
    channel_id: Whole = None
    text: Content = ""
    silence_duration: Text = None
    speech_rate: Text = None
    emotion_value: Text = None


def _listed(value: Any) -> Any:
    """One sentence without a list as a list of one; a blank as none."""
    if isinstance(value, dict):
        return (value,)
    return () if isinstance(value, str) and not value.strip() else value


class TranscriptReceipt(VendorReceipt):
    """The transcript of call `call_id`; `biz_duration` is the audio's length in milliseconds.

    `status_code` 21050000 is success; no other code is documented.

    Raises (from `read`):
        InvalidReceipt: `callId` is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {"pool_key": ("partner_key",)}

    call_id: Key
    pool_key: Text = None
    secret_no: OptionalKey = None
    biz_duration: Whole = None
    status_code: Text = None
    sentences: Annotated[tuple[Sentence, ...], BeforeValidator(_listed)] = ()
