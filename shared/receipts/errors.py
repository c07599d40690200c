"""Every error of this package, and what to do about each.

::

    ReceiptsError
    ├── SettingError           fix the setting it names
    ├── Refusal                answered to the sender as an HTTP status
    ├── Unavailable            try again: nothing was acknowledged, the sender or the platform redelivers
    │   ├── QueueUnavailable
    │   │   └── QueueForbidden     give the role the right it names
    │   ├── StoreUnavailable
    │   ├── BucketUnavailable
    │   ├── SourceUnavailable      the vendor's queue (alicom/consumer.py)
    │   └── Unanswered             the vendor's API (aliyun/rpc.py)
    ├── Defect                 report it: something unforeseen, told without its message
    ├── StoreMisconfigured     fix a setting: trying again changes nothing
    │   └── StoreForbidden     give the role the right it names
    ├── BucketMisconfigured    as of the store
    │   └── BucketForbidden
    ├── BadReceipt             keep it as a dead letter with its reason; its neighbours go on
    │   ├── NotJson
    │   ├── BadEnvelope
    │   ├── UnknownType
    │   ├── InvalidReceipt
    │   ├── TooLarge
    │   └── ClaimLost
    ├── ApiRefused             look at the code that the vendor's API answered (aliyun/rpc.py)
    ├── TokenRefused           look at the names of the vendor's queues, and at the role (alicom/tokens.py)
    ├── KeyRefused             ask for another token (alicom/consumer.py)
    ├── FetchError             no body (fetching/errors.py)
    │   ├── FetchRefused           fix the setting, or give it up
    │   ├── BodyTooLarge           fix the limit, or give it up
    │   └── FetchFailed            try again
    │       └── BodyCutShort
    ├── NoRecording            its problem says whether to try again (recordings/problem.py)
    ├── Exists                 look whether it is what would have been put there (recordings/bucket.py)
    └── BadRule                mend the row (deciding/rules.py)

Those with a module behind them stand where they are raised.

No message holds a value that came from outside: numbers, texts, tokens and bodies stay out of errors.
"""

from __future__ import annotations

GRANT = "give the role this right: docs/permissions.md"


class ReceiptsError(Exception):
    """The root: whatever this package raises on purpose."""

    advice = "see the message"


class SettingError(ReceiptsError):
    """A setting is missing or cannot be read.

    Attributes:
        setting: the name of the environment variable.
    """

    advice = "fix the setting"

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{setting}: {problem}")
        self.setting = setting


class Refusal(ReceiptsError):
    """A request that is not taken in.

    Attributes:
        status: the HTTP status to answer.
        headers: what the answer's headers hold besides the content type.
    """

    advice = "answer the status"

    def __init__(self, status: int, why: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers or {}


class Unavailable(ReceiptsError):
    """A service did not take what it was given, and may do so later."""

    advice = "try again"


class QueueUnavailable(Unavailable):
    """The queue did not accept a message in time."""

    advice = "the vendor sends it again"


class QueueForbidden(QueueUnavailable):
    """The queue does not let this role send: nothing was accepted, and nothing will be before that is mended."""

    advice = GRANT


class StoreUnavailable(Unavailable):
    """The store did not accept a row within the tries and the time it was given."""

    advice = "nothing: the platform delivers it again; if it goes on, look at TableStore"


class BucketUnavailable(Unavailable):
    """The bucket did not take or give an object in time."""

    advice = "nothing: it is tried again; if it goes on, look at OSS"


class StoreMisconfigured(ReceiptsError):
    """The store refuses for a reason that no retry mends: rights, a missing table, a wrong instance."""

    advice = "fix the setting"


class StoreForbidden(StoreMisconfigured):
    """The store does not let this role do what the message names."""

    advice = GRANT


class BucketMisconfigured(ReceiptsError):
    """The bucket refuses for a reason that no retry mends: rights, a missing bucket, a wrong region."""

    advice = "fix the setting"


class BucketForbidden(BucketMisconfigured):
    """The bucket does not let this role do what the message names."""

    advice = GRANT


class Defect(ReceiptsError):
    """Something unforeseen, in place of an error whose message might hold a part of a receipt."""

    advice = "report it"


class BadReceipt(ReceiptsError):
    """A receipt that cannot become a row.

    Attributes:
        reason: the word in the dead letter's `reason` column.
    """

    advice = "dead-letter"
    reason = "invalid"


class NotJson(BadReceipt):
    """The body is not valid JSON in UTF-8."""

    reason = "not_json"


class BadEnvelope(BadReceipt):
    """A queue message that is not a journal envelope of a version known here."""

    reason = "bad_envelope"


class UnknownType(BadReceipt):
    """A message type that this version has no model for."""

    reason = "unknown_type"


class InvalidReceipt(BadReceipt):
    """A receipt of a known type whose fields cannot be understood."""

    reason = "invalid"


class TooLarge(BadReceipt):
    """A receipt larger than what its row or a queue message can hold."""

    reason = "too_large"


class ClaimLost(BadReceipt):
    """A queue message claims an object that cannot be what it was: gone for good, changed, or of another bucket."""

    reason = "claim_lost"
