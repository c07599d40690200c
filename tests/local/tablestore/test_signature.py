"""Signatures: what the unmodified SDK signs is accepted, anything else is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from tablestore import Condition, OTSServiceError, Row
from tablestore.auth import RequestContext, SignV2, SignV4

if TYPE_CHECKING:
    from local.cloud.tablestore import TableStoreServer
    from tests.local.tablestore.conftest import Connect, Create, Refusal, Start

SIGNATURES = [{}, {"region": "cn-shanghai"}]


def send(
    client: Any, region: str | None = None, *, body: bytes | None = None, changed: dict[str, str | None] | None = None
) -> None:
    """A ListTable that was tampered with after signing: another body, other headers, or none (None)."""
    signer = SignV4("utf8", region=region) if region else SignV2("utf8")
    context = RequestContext(client.credentials_provider.get_credentials())
    query, headers, signed = client.protocol.make_request("ListTable", signer, context)
    headers.update(changed or {})
    headers = {name: value for name, value in headers.items() if value is not None}
    answer = client.connection.send_receive(query, headers, signed if body is None else body)
    client.protocol.handle_error("ListTable", query, *answer, signer, context)


@pytest.mark.parametrize("settings", SIGNATURES)
def test_both_signatures_work_in_both_directions(
    connect: Connect, server: TableStoreServer, create: Create, settings: dict[str, str]
) -> None:
    """The service accepts V2 and V4, and signs so that the SDK accepts its answers and its errors."""
    create("t")
    client = connect(server, **settings)
    client.put_row("t", Row([("id", "a")], [("a", 1)]), Condition("IGNORE"))
    assert client.get_row("t", [("id", "a")], max_version=1)[1].attribute_columns[0][1] == 1
    with pytest.raises(OTSServiceError, match="OTSConditionCheckFail"):
        client.put_row("t", Row([("id", "a")], []), Condition("EXPECT_NOT_EXIST"))


@pytest.mark.parametrize("settings", SIGNATURES)
def test_a_security_token_is_accepted(connect: Connect, server: TableStoreServer, settings: dict[str, str]) -> None:
    """A token of STS comes as one more signed header."""
    assert connect(server, sts_token="CAIS+token/==", **settings).list_table() == ()


@pytest.mark.parametrize("settings", SIGNATURES)
@pytest.mark.parametrize(
    "wrong", [{"access_key_secret": "wrong"}, {"access_key_id": "unknown"}, {"instance_name": "other"}]
)
def test_a_wrong_sender_is_refused(
    connect: Connect, server: TableStoreServer, refusal: Refusal, settings: dict[str, str], wrong: dict[str, str]
) -> None:
    """Secret, key id and instance must be right."""
    with refusal("OTSAuthFailed", 403):
        connect(server, **settings, **wrong).list_table()


@pytest.mark.parametrize("settings", SIGNATURES)
def test_tampering_is_refused(
    connect: Connect, server: TableStoreServer, refusal: Refusal, settings: dict[str, str]
) -> None:
    """A changed body, a changed digest, a changed header and a foreign signature do not pass."""
    client, region = connect(server), settings.get("region")
    send(client, region)
    with refusal("OTSAuthFailed", 403):
        send(client, region, body=b"\n\x01a")
    for name in ("contentmd5", "ststoken", "signaturev4" if region else "signature"):
        with refusal("OTSAuthFailed", 403):
            send(client, region, changed={f"x-ots-{name}": "c2xpcHBlZCBpbg=="})


def test_missing_headers_are_refused(client: Any, refusal: Refusal) -> None:
    """Each header that the protocol wants is asked for; a date must be one."""
    for name in ("date", "accesskeyid", "instancename", "contentmd5", "signature"):
        with refusal("OTSParameterInvalid", 400):
            send(client, changed={f"x-ots-{name}": None})
    with refusal("OTSParameterInvalid", 400):
        send(client, changed={"x-ots-date": "yesterday"})


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_stale_request_is_refused(start: Start, connect: Connect, refusal: Refusal, minutes: int) -> None:
    """A date more than 15 minutes from the server's clock is refused, 14 minutes are fine."""
    now = time.time()
    with refusal("OTSAuthFailed", 403):
        connect(start(clock=lambda: now + minutes * 60)).list_table()
    assert connect(start(clock=lambda: now + minutes * 60 * 14 / 16)).list_table() == ()
