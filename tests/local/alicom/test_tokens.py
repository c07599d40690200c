"""A token opens one queue for as long as it says; whoever may not have one gets a code and no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from mns.mns_exception import MNSServerException

from local.cloud.access import AccessKey
from local.cloud.alicom import AlicomServer, Terms, TokenCodes, queue_name
from local.cloud.clock import ShiftedClock
from local.cloud.faults import Fault
from tests.local.alicom.support import KEY, TYPE, account_with, ask, consumer, refused

if TYPE_CHECKING:
    from tests.local.support import FakeClock

QUERY = "QueryTokenForMnsQueue"
OTHERS = queue_name("1000000000000002", TYPE)


def test_a_token_says_when_it_ends_in_the_time_of_china(alicom: AlicomServer) -> None:
    """All five fields are text; the life is that of the terms."""
    answer = ask(alicom)
    token = answer.pop("MessageTokenDTO")
    assert (answer["Code"], answer["Message"]) == ("OK", "OK")
    assert (token["CreateTime"], token["ExpireTime"]) == ("2027-01-15 16:00:00", "2027-01-15 16:10:00")
    assert all(token[name] for name in ("AccessKeyId", "AccessKeySecret", "SecurityToken"))
    assert token != ask(alicom)["MessageTokenDTO"]


def test_without_a_queue_the_token_is_for_the_default_one(alicom: AlicomServer) -> None:
    """And with one, for a further queue of the type; each opens nothing else."""
    further = alicom.open_queue(TYPE, 100000)
    default = queue_name(alicom.account, TYPE)
    assert further == f"{default}-100000"
    for name, other in ((default, further), (further, default)):
        token = ask(alicom, TYPE, name if name == further else "")["MessageTokenDTO"]
        alicom.send(TYPE, name, queue=name)
        with account_with(alicom, token) as account:
            assert account.get_queue(name).receive_message().message_body == name.encode()
            assert refused(account.get_queue(other).receive_message) == "AccessDenied"
            assert refused(account.get_queue("none").receive_message) == "QueueNotExist"


def test_the_type_is_required(alicom: AlicomServer) -> None:
    """The gateway says so."""
    with pytest.raises(ServerException) as caught:
        ask(alicom, "", queue_name(alicom.account, TYPE))
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "MissingMessageType")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (AccessKey(KEY.key_id, "another"), "SignatureDoesNotMatch"),
        (AccessKey("LTAIunknown", KEY.secret), "InvalidAccessKeyId.NotFound"),
    ],
)
def test_only_the_account_gets_tokens(alicom: AlicomServer, key: AccessKey, code: str) -> None:
    """The request has to be signed with its key."""
    with pytest.raises(ServerException) as caught:
        ask(alicom, key=key)
    assert caught.value.get_error_code() == code


@pytest.mark.parametrize(
    ("message_type", "queue", "code"),
    [
        ("SecretReports", "", "isv.TYPE"),
        ("SecretRecording", "", "isv.NOT_OPENED"),
        (TYPE, OTHERS, "isv.QUEUE"),
        (TYPE, queue_name("1000000000000001", TYPE, 1), "isv.QUEUE"),
        (TYPE, queue_name("1000000000000001", "SecretSmsIntercept"), "isv.QUEUE"),
        ("SecretAsrReport", "", "isv.QUEUE"),
    ],
)
def test_there_is_no_token_for_what_the_account_has_not(message_type: str, queue: str, code: str) -> None:
    """Nor for a queue of another type, nor for the default queue of a type that has further ones only."""
    terms = Terms(codes=TokenCodes("isv.TYPE", "isv.NOT_OPENED", "isv.QUEUE"))
    with AlicomServer(key=KEY, terms=terms, opened=[TYPE, "SecretSmsIntercept"]) as alicom:
        alicom.open_queue("SecretAsrReport", 100000)
        answer = ask(alicom, message_type, queue)
    assert answer["Code"] == code
    assert "MessageTokenDTO" not in answer


def test_left_to_itself_the_api_does_not_tell_one_refusal_from_another() -> None:
    """No code is published, so nobody can rely on one."""
    with AlicomServer(key=KEY, opened=[TYPE]) as alicom:
        questions = [("x", ""), ("SecretRecording", ""), (TYPE, "x")]
        codes = {ask(alicom, *question)["Code"] for question in questions}
    assert len(codes) == 1
    assert codes != {"OK"}


def test_the_api_may_not_look_at_the_queue() -> None:
    """Then it is the queue service that says there is none."""
    terms = Terms(codes=TokenCodes(unknown_queue="OK"))
    name = queue_name("1000000000000001", TYPE, 7)
    with AlicomServer(key=KEY, terms=terms) as alicom, consumer(alicom, TYPE, name) as queue:
        assert refused(queue.receive_message) == "QueueNotExist"


@pytest.mark.parametrize("code", ["isp.RAM_PERMISSION_DENY", "isv.FLOW_LIMIT"])
def test_a_planned_refusal_is_no_error_to_the_sdk(alicom: AlicomServer, code: str) -> None:
    """Wrong rights and throttling come with status 200, and without a token; the next request is well again."""
    alicom.faults.plan(Fault(status=200, code=code), on=QUERY)
    answer = ask(alicom)
    assert (answer["Code"], "MessageTokenDTO" in answer) == (code, False)
    assert ask(alicom)["Code"] == "OK"
    assert alicom.faults.calls[QUERY] == 2


def test_a_token_is_refused_from_the_moment_it_ends(alicom: AlicomServer, clock: FakeClock) -> None:
    """For receiving and for deleting what was received while it was good; a new token may delete that."""
    name = queue_name(alicom.account, TYPE)
    alicom.send(TYPE, "x")
    with consumer(alicom) as queue, consumer(alicom) as idle:
        clock.advance(599)
        handle = queue.batch_receive_message(16)[0].receipt_handle
        clock.advance(1)
        with pytest.raises(MNSServerException) as caught:
            queue.batch_delete_message([handle])
        assert caught.value.type == "InvalidAccessKeyId"
        assert refused(idle.receive_message) == "InvalidAccessKeyId"
        assert alicom.left(name) == 1
    with consumer(alicom) as queue:
        queue.batch_delete_message([handle])
    assert alicom.left(name) == 0


def test_a_token_that_has_run_out_may_be_refused_otherwise() -> None:
    """What the service really says is not published; nor how long a token lives."""
    clock = ShiftedClock()
    terms = Terms(life_seconds=60, expired=(401, "SecurityTokenExpired"))
    with AlicomServer(key=KEY, terms=terms, clock=clock) as alicom, consumer(alicom) as queue:
        assert refused(queue.receive_message) == "MessageNotExist"
        clock.shift = 61
        assert refused(queue.receive_message) == "SecurityTokenExpired"
        assert ask(alicom)["Code"] == "OK"


def test_all_three_parts_of_a_token_belong_together(alicom: AlicomServer) -> None:
    """Another's security token or none, another secret, or the account's own key: 403."""
    good, other = (ask(alicom)["MessageTokenDTO"] for _ in range(2))
    own = {"AccessKeyId": KEY.key_id, "AccessKeySecret": KEY.secret}
    for changes, code in (
        ({"SecurityToken": other["SecurityToken"]}, "AccessIDAuthError"),
        ({"SecurityToken": ""}, "AccessIDAuthError"),
        ({"AccessKeySecret": other["AccessKeySecret"]}, "SignatureDoesNotMatch"),
        (own, "AccessIDAuthError"),
        ({**own, "SecurityToken": ""}, "AccessIDAuthError"),
    ):
        with account_with(alicom, good | changes) as account:
            assert refused(account.get_queue(queue_name(alicom.account, TYPE)).receive_message) == code
