"""The bucket: private, encrypted, without versions, with rules that remove what a crash leaves behind."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

import oss2
from oss2.exceptions import NoSuchBucket, NoSuchLifecycle, NoSuchServerSideEncryptionRule
from oss2.models import AbortMultipartUpload, BucketLifecycle, LifecycleExpiration, LifecycleRule

from ops.provisioning.looks import Look
from receipts.intake.claims import LIFE_DAYS
from receipts.journal.envelope import CLAIM_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings

BUCKET, RULE, ENCRYPTION = "bucket", "lifecycle rule", "encryption"
WAIT_SECONDS = 10.0
# A copy of a recording takes minutes; what is left of one that broke off is paid for until it is removed.
UPLOAD_DAYS = 7
AGAIN = "Keep it, or delete it and run `receipts provision` again, which makes it anew."


@contextlib.contextmanager
def opened(settings: BucketSettings, keys: Credentials, seconds: float = WAIT_SECONDS) -> Iterator[Any]:
    """The bucket; `seconds`: how long a connection, and each piece of an answer, is waited for."""
    version = oss2.AUTH_VERSION_4
    auth = oss2.StsAuth(*keys, version) if keys.token else oss2.make_auth(keys.key_id, keys.secret, version)
    session = oss2.Session()
    try:
        yield oss2.Bucket(
            auth,
            settings.endpoint,
            settings.bucket,
            session=session,
            region=settings.region,
            connect_timeout=seconds,
        )
    finally:
        session.session.close()


def looks(bucket: Any, settings: BucketSettings) -> Iterator[Look]:
    """The bucket, each of its rules and its encryption beside their declaration. Raises the SDK's errors."""
    try:
        info = bucket.get_bucket_info()
    except NoSuchBucket:
        info = None
    yield _bucket(bucket, settings.bucket, info)
    rules = {rule.id: rule for rule in _rules(bucket)} if info else {}
    for wanted in _wanted():
        yield _rule(bucket, wanted, rules.get(wanted.id))
    yield _encrypted(bucket, settings.encryption, there=info is not None)


def _bucket(bucket: Any, name: str, info: Any) -> Look:
    if info is None:
        return Look(BUCKET, name, missing=True, mend=partial(_made, bucket))
    if info.acl.grant != oss2.BUCKET_ACL_PRIVATE:
        told = f"Its access list is {info.acl.grant}: strangers can get the recordings in it."
        return Look(BUCKET, name, found=told, do="Make it private.", grave=True)
    if info.versioning_status:
        # The header that forbids overwriting has no effect then, even where versions are suspended.
        told = f"Its versions are {info.versioning_status.lower()}: what is deleted stays, and a copy may be replaced."
        return Look(BUCKET, name, found=told, do="Use another OSS_BUCKET, as this cannot be undone; or keep it.")
    return Look(BUCKET, name)


def _wanted() -> tuple[LifecycleRule, LifecycleRule]:
    return (
        LifecycleRule("receipts-oversize", CLAIM_PREFIX, expiration=LifecycleExpiration(days=LIFE_DAYS)),
        LifecycleRule("receipts-uploads", "recordings/", abort_multipart_upload=AbortMultipartUpload(days=UPLOAD_DAYS)),
    )


def _rules(bucket: Any) -> list[LifecycleRule]:
    try:
        rules: list[LifecycleRule] = bucket.get_bucket_lifecycle().rules
    except NoSuchLifecycle:
        return []
    return rules


def _rule(bucket: Any, wanted: LifecycleRule, found: LifecycleRule | None) -> Look:
    if found is None:
        return Look(RULE, wanted.id, missing=True, mend=partial(_add, bucket, wanted))
    if _told(found) == _told(wanted):
        return Look(RULE, wanted.id)
    days = found.expiration.days if found.expiration else None
    if wanted.expiration and found.status == LifecycleRule.ENABLED and days is not None and days < LIFE_DAYS:
        told = f"It removes objects after {days} days in place of {LIFE_DAYS}: what waits longer in a queue is lost."
        return Look(RULE, wanted.id, found=told, do="Delete it and run `receipts provision` again.", grave=True)
    return Look(RULE, wanted.id, found="It was changed.", do=AGAIN)


def _told(rule: LifecycleRule) -> tuple[object, ...]:
    """What a rule of ours says."""
    days = [part.days if part else None for part in (rule.expiration, rule.abort_multipart_upload)]
    return (rule.prefix, rule.status, *days)


def _encrypted(bucket: Any, wanted: str | None, *, there: bool) -> Look:
    found = _algorithm(bucket) if there else None
    if found is None and wanted is not None:
        return Look(ENCRYPTION, wanted, missing=True, mend=partial(_encrypt, bucket, wanted))
    if wanted in (None, found):
        return Look(ENCRYPTION, found or "none")
    return Look(ENCRYPTION, str(found), found=f"OSS_ENCRYPTION says {wanted}.", do="Change either, unless it is meant.")


def _algorithm(bucket: Any) -> str | None:
    try:
        algorithm: str = bucket.get_bucket_encryption().sse_algorithm
    except NoSuchServerSideEncryptionRule:
        return None
    return algorithm


def _made(bucket: Any) -> None:
    _done(bucket.create_bucket(oss2.BUCKET_ACL_PRIVATE))


def _add(bucket: Any, rule: LifecycleRule) -> None:
    # All rules are put at once: those of somebody else go back as they came.
    _done(bucket.put_bucket_lifecycle(BucketLifecycle([*_rules(bucket), rule])))


def _encrypt(bucket: Any, algorithm: str) -> None:
    rule = oss2.models.ServerSideEncryptionRule()
    rule.sse_algorithm = algorithm
    _done(bucket.put_bucket_encryption(rule))


def _done(result: Any) -> None:
    # The SDK gives a connection back only once the answer's body was read, even one that is empty.
    result.resp.read()
