"""A bucket's lifecycle rules: checked, numbered and given back. Nothing here carries them out."""

from __future__ import annotations

import re
import secrets
import xml.etree.ElementTree as ET

from local.cloud.oss.document import parse
from local.cloud.oss.errors import OssError

_ROOT = "LifecycleConfiguration"
_ACTIONS = {
    "AbortMultipartUpload",
    "Expiration",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransition",
    "Transition",
}
_DAYS = re.compile(r"[1-9][0-9]{0,8}")
_MOST_RULES = 1000
_LONGEST_ID = 255


def checked(body: bytes) -> bytes:
    """The rules of a PutBucketLifecycle as a GetBucketLifecycle gives them back.

    Raises:
        OssError: MalformedXML, or InvalidArgument for a number of days that is none.
    """
    root = parse(body, _ROOT)
    if not 0 < len(root) <= _MOST_RULES:
        raise OssError("MalformedXML")
    for rule in root:
        _check(rule)
    ids = [rule.findtext("ID") for rule in root]
    if len(set(ids)) < len(ids):
        raise OssError("InvalidArgument", "Two rules have the same ID.")
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document


def _check(rule: ET.Element) -> None:
    names = {child.tag for child in rule}
    if rule.tag != "Rule" or "Prefix" not in names or not names & _ACTIONS:
        raise OssError("MalformedXML")
    if rule.findtext("Status") not in ("Enabled", "Disabled"):
        raise OssError("MalformedXML")
    for days in (*rule.iter("Days"), *rule.iter("NoncurrentDays")):
        if not _DAYS.fullmatch(days.text or ""):
            raise OssError("InvalidArgument", "Days must be a positive number.")
    name = rule.find("ID")
    if name is None:
        rule.insert(0, name := ET.Element("ID"))
    # A rule without a name is given one.
    name.text = name.text or secrets.token_hex(16)
    if len(name.text) > _LONGEST_ID:
        raise OssError("InvalidArgument", "The ID of a rule is too long.")
