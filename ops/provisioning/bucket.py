"""Makes the bucket, private, with its lifecycle rules and its encryption; what is there it leaves alone."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import oss2
from oss2.exceptions import NoSuchBucket, NoSuchLifecycle, NoSuchServerSideEncryptionRule
from oss2.models import AbortMultipartUpload, BucketLifecycle, LifecycleExpiration, LifecycleRule

from ops.steps import DIFFERENT, MADE, THERE, Step
from receipts.intake.claims import LIFE_DAYS
from receipts.journal.envelope import CLAIM_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.credentials import Credentials
    from receipts.settings import BucketSettings

WAIT_SECONDS = 10
# A copy of a recording takes minutes; what is left of one that broke off is paid for until it is removed.
UPLOAD_DAYS = 7


def provision_bucket(settings: BucketSettings, keys: Credentials) -> Iterator[Step]:
    """The bucket, its rules and its encryption in turn. Raises the SDK's errors when the service refuses."""
    with _opened(settings, keys) as bucket:
        yield _made(bucket, settings.bucket)
        yield from _rules(bucket)
        yield _encrypted(bucket, settings)


@contextlib.contextmanager
def _opened(settings: BucketSettings, keys: Credentials) -> Iterator[Any]:
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
            connect_timeout=WAIT_SECONDS,
        )
    finally:
        session.session.close()


def _made(bucket: Any, name: str) -> Step:
    try:
        found = bucket.get_bucket_info()
    except NoSuchBucket:
        _done(bucket.create_bucket(oss2.BUCKET_ACL_PRIVATE))
        return Step("bucket", name, MADE)
    if found.acl.grant == oss2.BUCKET_ACL_PRIVATE:
        return Step("bucket", name, THERE)
    return Step("bucket", name, DIFFERENT, f"its access list is {found.acl.grant}: make it private")


def _rules(bucket: Any) -> Iterator[Step]:
    wanted = [
        LifecycleRule("receipts-oversize", CLAIM_PREFIX, expiration=LifecycleExpiration(days=LIFE_DAYS)),
        LifecycleRule("receipts-uploads", "recordings/", abort_multipart_upload=AbortMultipartUpload(days=UPLOAD_DAYS)),
    ]
    try:
        there = bucket.get_bucket_lifecycle().rules
    except NoSuchLifecycle:
        there = []
    found = {rule.id: rule for rule in there}
    if missing := [rule for rule in wanted if rule.id not in found]:
        # All rules are put at once: those of somebody else go back as they came.
        _done(bucket.put_bucket_lifecycle(BucketLifecycle([*there, *missing])))
    for rule in wanted:
        if rule in missing:
            yield Step("lifecycle rule", rule.id, MADE)
        elif _told(found[rule.id]) == _told(rule):
            yield Step("lifecycle rule", rule.id, THERE)
        else:
            yield Step(
                "lifecycle rule", rule.id, DIFFERENT, "delete it, and it is made anew, or keep it as you want it"
            )


def _told(rule: LifecycleRule) -> tuple[object, ...]:
    """What a rule of ours says."""
    days = [part.days if part else None for part in (rule.expiration, rule.abort_multipart_upload)]
    return (rule.prefix, rule.status, *days)


def _encrypted(bucket: Any, settings: BucketSettings) -> Step:
    kind, wanted = "encryption", settings.encryption
    try:
        found = bucket.get_bucket_encryption().sse_algorithm
    except NoSuchServerSideEncryptionRule:
        if wanted is None:
            return Step(kind, "none", THERE)
        rule = oss2.models.ServerSideEncryptionRule()
        rule.sse_algorithm = wanted
        _done(bucket.put_bucket_encryption(rule))
        return Step(kind, wanted, MADE)
    if wanted in (None, found):
        return Step(kind, found, THERE)
    return Step(kind, found, DIFFERENT, f"OSS_ENCRYPTION says {wanted}: change either")


def _done(result: Any) -> None:
    # The SDK gives a connection back only once the answer's body was read, even one that is empty.
    result.resp.read()
