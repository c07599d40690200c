"""Refusals, with the codes and statuses of the published tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from local.cloud.refused import PublishedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.refused import ServiceError


class FcError(PublishedError):
    """One refusal."""

    known: ClassVar[Mapping[str, tuple[int, str]]] = {
        "AccessDenied": (403, "the caller is not allowed to do this"),
        "AliasNotFound": (404, "the alias does not exist"),
        "EntityTooLarge": (400, "payload size exceeds maximum allowed size"),
        "FunctionNotFound": (404, "the function does not exist"),
        "InternalServerError": (500, "an internal error has occurred. Please retry."),
        "InvalidAccessKeyID": (403, "invalid access key ID"),
        "InvalidArgument": (400, "an argument is not valid"),
        "InvalidSecurityToken": (403, "the security token is not that of the access key"),
        "MissingRequiredHeader": (400, "a required HTTP header was not specified"),
        "PathNotSupported": (400, "the path is not supported"),
        "RequestTimeExpired": (403, "the request was made too long ago, or is of the future"),
        "ResourceExhausted": (429, "the limit of concurrent requests is exceeded"),
        "ResourceThrottled": (503, "there are no more instances at the moment"),
        "ServiceNotFound": (404, "the service does not exist"),
        "SignatureNonceUsed": (403, "the nonce of the signature was used before"),
        "SignatureNotMatch": (403, "the signature that was calculated does not match the one that was provided"),
        "VersionNotFound": (404, "the version does not exist"),
    }


def body_of(error: ServiceError, request_id: str, *, old: bool) -> bytes:
    """How 3.0 words it, or, `old`, 2.0."""
    if old:
        return json.dumps({"ErrorCode": error.code, "ErrorMessage": error.message}).encode()
    return json.dumps({"Code": error.code, "Message": error.message, "RequestId": request_id}).encode()
