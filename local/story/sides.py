"""What comes beside the calls: texts, numbers, parcels of the day that begins at `midnight`.

Each function returns receipts and what must come of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.story.world import HOUR, POOL, Receipt, binding, china, epoch_ms, happens

if TYPE_CHECKING:
    from random import Random

NODES = (
    ("WAIT", "待接单"),
    ("ACCEPT", "已接单"),
    ("GOT", "已揽收"),
    ("TRANSPORT", "运输中"),
    ("DELIVERING", "派送中"),
    ("SIGN", "已签收"),
)


def texts(rng: Random, count: int, midnight: int) -> tuple[list[Receipt], frozenset[str]]:
    """Texts between the parties of some bindings; the second part is the ids."""
    receipts = [_text(rng, number, midnight) for number in range(count)]
    return receipts, frozenset(str(receipt["id"]) for receipt in receipts)


def _text(rng: Random, number: int, midnight: int) -> Receipt:
    parties = binding(rng.randrange(min(number + 1, 9999)))
    delivered = happens(rng, 90)
    moment = china(midnight + rng.randrange(7 * HOUR, 22 * HOUR))
    return {
        "id": 3_000_000_000_000 + number,
        "partner_key": POOL,
        "pool_key": POOL,
        "out_id": parties.order_id,
        "sub_id": parties.sub_id,
        "sms_type": 1,
        "send_no": parties.number_a,
        "secret_no": parties.number_x,
        "receive_no": parties.number_b,
        "sms_content": "我到楼下了",
        "status": "1" if delivered else "2",
        "sms_intercept_type": "NORMAL",
        "call_id": f"20261120{number:015d}",
        "code": "DELIVRD" if delivered else "UNDELIV",
        "start_time": moment,
    }


def managed_numbers(rng: Random, count: int, midnight: int) -> tuple[list[Receipt], dict[str, str]]:
    """Numbers that are added to the pool; every second one is taken out again."""
    receipts: list[Receipt] = []
    states: dict[str, str] = {}
    for number in range(count):
        number_x, created = f"1700001{number + 1:04d}", midnight + rng.randrange(8 * HOUR)
        for status, state in ((1, "created"), (2, "deleted"))[: 1 + number % 2]:
            receipts.append(
                {
                    "secret_no": number_x,
                    "city": "成都",
                    "partner_key": POOL,
                    "operating_time": china(created + HOUR * status),
                    "status": status,
                }
            )
            states[number_x] = state
    return receipts, states


def troubled_numbers(rng: Random, count: int, midnight: int) -> tuple[list[Receipt], dict[str, str]]:
    """Numbers that fail; every second one recovers."""
    receipts: list[Receipt] = []
    states: dict[str, str] = {}
    for number in range(count):
        number_x, failed = f"1700002{number + 1:04d}", midnight + rng.randrange(8 * HOUR)
        for hours, (status, state) in enumerate(((0, "abnormal"), (1, "normal"))[: 1 + number % 2]):
            receipts.append(
                {
                    "secretNo": number_x,
                    "partnerKey": POOL,
                    "noStatus": status,
                    "timestamp": epoch_ms(failed + HOUR * hours),
                }
            )
            states[number_x] = state
    return receipts, states


def parcels(rng: Random, count: int, midnight: int) -> tuple[list[Receipt], dict[str, str]]:
    """Parcels on their way, each told by one receipt per node."""
    receipts: list[Receipt] = []
    newest: dict[str, str] = {}
    for number in range(count):
        mail_no, moment = f"YT{10_001 + number:013d}", midnight + rng.randrange(HOUR, 10 * HOUR)
        for status, words in NODES[: rng.randint(1, len(NODES))]:
            moment += rng.randint(600, 2 * HOUR)
            receipts.append(
                {
                    "cpCode": "YTO",
                    "mailNo": mail_no,
                    "logisticsStatus": status,
                    "logisticsStatusDesc": words,
                    "lastLogisticDetail": words,
                    "logisticsGmtModified": china(moment),
                    "city": "杭州",
                    "bizKey": f"BK{10_001 + number:013d}",
                    "outerOrderCode": f"order-{10_001 + number}",
                }
                | ({"packageDyn": '{"weight": 860.5}', "aliyunprice": "6.5"} if status == "GOT" else {})
            )
            newest[mail_no] = status
    return receipts, newest
