"""The service's refusals: each published error code with its HTTP status and its text."""

from __future__ import annotations

from local.cloud.refused import PublishedError

# Where the published table and this one differ, or where it is silent:
# - AccessIDAuthError is what an unknown key id gets in practice; the table calls it InvalidAccessKeyId.
# - TimeExpired is 408 in the table of codes, and "400" in passing on the page about signatures.
# - MissingVersionHeader is not in the table; clients in other languages know it by this name.
# - InvalidDegist is the service's own spelling.
_KNOWN = {
    "AccessIDAuthError": (403, "AccessID authentication fail, please check your AccessID and retry."),
    "AccessDenied": (403, "The OwnerId that your Access Key Id associated to is forbidden for this operation."),
    "InternalError": (500, "Internal error."),
    "InternalServerError": (500, "Internal error."),
    "InvalidAccessKeyId": (403, "The AccessKey Id you provided is not exist."),
    "InvalidArgument": (400, "The request is not valid."),
    "InvalidAuthorizationHeader": (400, "The Authorization header format is invalid."),
    "InvalidDateHeader": (400, "The Date header format is invalid."),
    "InvalidDegist": (400, "The Content-MD5 you specified is invalid."),
    "InvalidQueryString": (400, "Http request URL contains an invalid query item."),
    "InvalidQueueName": (400, "A queue name starts with a letter or digit and has letters, digits and - only."),
    "InvalidRequestURL": (400, "Http request URL format invalid."),
    "MalformedXML": (400, "The XML you provided was not well-formed."),
    "MessageNotExist": (404, "Message not exist."),
    "MissingAuthorizationHeader": (400, "Authorization header is required."),
    "MissingDateHeader": (400, "Date header is required."),
    "MissingReceiptHandle": (400, "ReceiptHandle is required."),
    "MissingVersionHeader": (400, "x-mns-version header is required."),
    "MissingVisibilityTimeout": (400, "VisibilityTimeout is required."),
    "QueueAlreadyExist": (409, "The queue you want to create is already exist."),
    "QueueNameLengthError": (400, "Queue name length should between 1 and 120."),
    "QueueNotExist": (404, "The queue name you provided is not exist."),
    "ReceiptHandleError": (400, "The receipt handle you provide is not valid."),
    "SignatureDoesNotMatch": (403, "The request signature we calculated does not match the one you provided."),
    "TimeExpired": (408, "The http request you sent is expired."),
    "TooManyRequests": (429, "The request is denied for too many requests."),
}


class MnsError(PublishedError):
    """One refusal."""

    known = _KNOWN
