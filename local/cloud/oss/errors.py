"""The service's refusals: each published error code with its HTTP status and its text."""

from __future__ import annotations

from local.cloud.refused import PublishedError

_KNOWN = {
    "AccessDenied": (403, "AccessDenied"),
    "BucketAlreadyExists": (409, "The requested bucket name is not available."),
    "BucketNotEmpty": (409, "The bucket you tried to delete is not empty."),
    "EntityTooLarge": (400, "Your proposed upload exceeds the maximum allowed size."),
    "EntityTooSmall": (400, "Your proposed upload is smaller than the minimum allowed size."),
    "FileAlreadyExists": (409, "The object you specified already exists and can not be overwritten."),
    "InvalidAccessKeyId": (403, "The OSS Access Key Id you provided does not exist in our records."),
    "InvalidArgument": (400, "The request is not valid."),
    "InvalidBucketName": (400, "The specified bucket is not valid."),
    "InvalidDigest": (400, "The Content-MD5 you specified was invalid."),
    "InvalidEncryptionAlgorithmError": (400, "The encryption algorithm is not AES256, KMS or SM4."),
    "InvalidObjectName": (400, "The specified object is not valid."),
    "InvalidPart": (400, "A part was not uploaded, or its ETag is not the one that was named."),
    "InvalidPartOrder": (400, "The list of parts was not in ascending order."),
    "InvalidRange": (416, "The requested range cannot be satisfied."),
    "InvalidStorageClass": (400, "The storage class you specified is not valid."),
    "MalformedXML": (400, "The XML you provided was not well-formed or did not fit the published schema."),
    "MissingArgument": (400, "Missing Some Required Arguments."),
    "MissingContentLength": (411, "You must provide the Content-Length HTTP header."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchKey": (404, "The specified key does not exist."),
    "NoSuchLifecycle": (404, "No Row found in Lifecycle Table."),
    "NoSuchServerSideEncryptionRule": (404, "The bucket has no rule for encryption."),
    "NoSuchUpload": (404, "The upload id is not known: it was completed, aborted or never was."),
    "NotImplemented": (400, "This operation is not served by the loopback."),
    "RequestTimeTooSkewed": (403, "The difference between the request time and the current time is too large."),
    "SignatureDoesNotMatch": (403, "The request signature we calculated does not match the one you provided."),
}


class OssError(PublishedError):
    """One refusal."""

    known = _KNOWN
