"""The one way to say no: an error code of the service with its HTTP status.

A `RefusedError` that reaches the service answers the whole request; a batch catches it per row.
"""

from __future__ import annotations


class RefusedError(Exception):
    """The service will not do it; `code` and `status` are what the SDK shows its caller."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


def invalid(message: str) -> RefusedError:
    """The request itself is wrong; sending it again cannot help."""
    return RefusedError(400, "OTSParameterInvalid", message)


def invalid_key(message: str) -> RefusedError:
    """A primary key that does not fit the table's."""
    return RefusedError(400, "OTSInvalidPK", message)


def auth_failed(message: str) -> RefusedError:
    """The sender is not who the request says, or somebody changed the request."""
    return RefusedError(403, "OTSAuthFailed", message)


def not_permitted() -> RefusedError:
    """The sender is known, and has no right to do this."""
    text = "You have no permission to access the requested resource, please contact the resource owner."
    return RefusedError(403, "OTSNoPermissionAccess", text)


def missing(what: str) -> RefusedError:
    """There is no table or index of this name."""
    return RefusedError(404, "OTSObjectNotExist", f"Requested {what} does not exist.")


def taken(what: str) -> RefusedError:
    """A table or index of this name is there already."""
    return RefusedError(409, "OTSObjectAlreadyExist", f"Requested {what} already exists.")


def condition_failed() -> RefusedError:
    """The row is not in the state that the writer expected."""
    return RefusedError(403, "OTSConditionCheckFail", "Condition check failed.")
