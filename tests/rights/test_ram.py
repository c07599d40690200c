"""What a policy means: the loopback cloud decides as the cloud's documents say that it does."""

from __future__ import annotations

from typing import Any

import pytest

from local.cloud.access import AccessKey
from local.cloud.ram import Asked, Identities, Policy, PolicyError
from local.cloud.ram.policy import Question, allowed

TABLE = "acs:ots:cn-hangzhou:1000000000000000:instance/i/table/calls"
OBJECT = "acs:oss:cn-hangzhou:1000000000000000:bucket/recordings/a.mp3"


def statement(action: Any, resource: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    """One statement of a document."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def may(action: str, resource: str, *statements: dict[str, Any], **context: str) -> bool:
    """Whether a policy of these statements lets it be done."""
    policy = Policy.read({"Version": "1", "Statement": list(statements)})
    return allowed([policy], Question(action, resource, {key.replace("_", ":"): text for key, text in context.items()}))


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("ots:GetRow", TABLE, True),
        (["ots:PutRow", "ots:GetRow"], [OBJECT, TABLE], True),
        # Whatever the capitals of an action; to the letter in a resource.
        ("OTS:getrow", TABLE, True),
        ("ots:GetRow", TABLE.replace("calls", "Calls"), False),
        ("ots:Get*", TABLE, True),
        ("ots:GetRo?", TABLE, True),
        ("ots:Ge?", TABLE, False),
        ("*", "*", True),
        ("ots:GetRow", TABLE + "*", True),
        ("ots:GetRow", TABLE + "?", False),
        ("ots:GetRow", "acs:ots:*:*:instance/i/table/*", True),
        # A star stands for a part, not for several of them; a dot is a dot.
        ("ots:GetRow", "acs:ots:*:instance/i/table/calls:*", False),
        ("ots:GetRow", "acs:ots:*:*:instance.i/table/calls", False),
        ("ots:GetRow", "acs:oss:*:*:instance/i/table/calls", False),
        ("ots:GetRowX", TABLE, False),
        ("ots:BatchGetRow", TABLE, False),
    ],
)
def test_what_a_statement_speaks_of(action: Any, resource: Any, *, expected: bool) -> None:
    """Names, lists of names and wildcards."""
    assert may("ots:GetRow", TABLE, statement(action, resource)) is expected


def test_what_nobody_allows_is_denied_and_a_denial_wins() -> None:
    """Nothing said is no; a Deny beats every Allow, wherever it stands."""
    yes, no = statement("*", "*"), statement("ots:GetRow", TABLE, "Deny")
    assert not may("ots:GetRow", TABLE)
    assert may("ots:GetRow", TABLE, yes)
    assert not may("ots:GetRow", TABLE, yes, no)
    assert not may("ots:GetRow", TABLE, no, yes)
    assert may("ots:PutRow", TABLE, no, yes)


def test_a_condition_holds_for_the_key_that_is_there() -> None:
    """StringLike compares with wildcards; a request without the key does not fulfil it."""
    one = statement("oss:ListObjects", "*", Condition={"StringLike": {"oss:Prefix": ["recordings/*", "x"]}})
    assert may("oss:ListObjects", OBJECT, one, oss_Prefix="recordings/2026")
    assert may("oss:ListObjects", OBJECT, one, oss_Prefix="x")
    assert not may("oss:ListObjects", OBJECT, one, oss_Prefix="")
    assert not may("oss:ListObjects", OBJECT, one)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"Version": "1"},
        {"Version": "2", "Statement": []},
        {"Version": "1", "Statement": {}},
        {"Version": "1", "Statement": ["x"]},
        *(
            {"Version": "1", "Statement": [one]}
            for one in (
                {"Effect": "Allow", "Action": "*"},
                statement("*", "*", "allow"),
                statement("GetRow", "*"),
                statement([], "*"),
                statement("*", [1]),
                statement("*", "acs:ots:calls"),
                statement("*", "calls"),
                statement("*", "*", NotAction="x"),
                statement("*", "*", Condition=[]),
                statement("*", "*", Condition={"StringLike": ["x"]}),
                statement("*", "*", Condition={"IpAddress": {"acs:SourceIp": "127.0.0.1"}}),
            )
        ),
    ],
)
def test_what_is_not_understood_is_refused(document: Any) -> None:
    """A document that says something else is no policy here: nothing in it is ignored."""
    with pytest.raises(PolicyError):
        Policy.read(document)


def test_the_root_key_may_do_everything_and_a_role_what_its_policy_says() -> None:
    """A role's key is one only with its token; every question about a role is told to who listens."""
    root, key = AccessKey("LTAIroot", "s"), AccessKey("STS.role", "t")
    identities, asked = Identities(root), list[Asked]()
    identities.listen(asked.append)
    identities.attach(key, Policy.read({"Version": "1", "Statement": [statement("ots:GetRow", TABLE)]}), token="token")
    assert (identities.key(root.key_id), identities.key(root.key_id, "any")) == (root, root)
    assert (identities.key(key.key_id, "token"), identities.key(key.key_id, "another")) == (key, None)
    assert identities.key(key.key_id) is identities.key("LTAInobody") is None
    assert identities.permits(root.key_id, "ots:DeleteTable", "instance/i/table/calls")
    assert asked == []
    assert identities.permits(key.key_id, "ots:GetRow", "instance/i/table/calls")
    assert not identities.permits(key.key_id, "ots:PutRow", "instance/i/table/calls")
    assert asked == [Asked(key.key_id, "ots:GetRow", TABLE, True), Asked(key.key_id, "ots:PutRow", TABLE, False)]
