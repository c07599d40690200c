"""A transcript's row from its receipt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from receipts.joining.facts import joined
from tests.receipts.support import fact, golden, row_of

ASR = "SecretAsrReport"


def transcript(*told: dict[str, Any]) -> dict[str, Any]:
    """The columns of one transcript."""
    return dict(row_of(ASR, joined(fact(ASR, {"callId": "7b3d90c4e1f20a01", **sent}) for sent in told)).columns())


def test_the_golden_transcript_is_a_full_row() -> None:
    """Length, number, status, and every sentence with its times."""
    row = row_of(ASR, fact(ASR, golden(ASR, "push")[0])).columns()
    sentences = json.loads(str(row.pop("sentences")))
    assert row == {
        "vendor": "aliyun",
        "pool": "FC100000000000001",
        "number_x": "17000000002",
        "duration_ms": 135000,
        "status_code": "21050000",
    }
    assert [one["text"] for one in sentences] == ["喂,您好。", "您的包裹放在门口了。", "好的,谢谢!"]
    assert sentences[0] == {
        "begin_time": 900,
        "end_time": 2300,
        "channel_id": 0,
        "text": "喂,您好。",
        "silence_duration": "0",
        "speech_rate": "171",
        "emotion_value": "5.6",
    }


def test_sentences_stand_in_the_order_in_which_they_were_spoken() -> None:
    """By begin, then end, then channel, whatever the order in the receipt; one without times comes first."""
    spoken = [
        {"text": "a"},
        {"beginTime": 640, "endTime": 900, "channelId": 0, "text": "b"},
        {"beginTime": 640, "endTime": 900, "channelId": "1", "text": "c"},
        {"beginTime": "640", "endTime": 1850, "channelId": 0, "text": "d"},
        {"begin_time": 2010, "text": "e"},
    ]
    for sent in (spoken, spoken[::-1], spoken[2:] + spoken[:2]):
        row = transcript({"sentences": sent})
        assert [one["text"] for one in json.loads(row["sentences"])] == ["a", "b", "c", "d", "e"]


def test_what_a_sentence_says_besides_is_kept() -> None:
    """An undocumented field of a sentence is in the column, a missing text is empty."""
    row = transcript({"sentences": [{"speaker": "A", "text": None}]})
    assert json.loads(row["sentences"]) == [{"speaker": "A", "text": ""}]


@pytest.mark.parametrize("sent", [{}, {"sentences": None}, {"sentences": []}])
def test_a_transcript_without_sentences_is_an_empty_list(sent: dict[str, Any]) -> None:
    """A failed transcript has a row, too, with its status."""
    assert transcript({**sent, "statusCode": 21050003}) == {
        "vendor": "aliyun",
        "sentences": "[]",
        "status_code": "21050003",
    }


def test_success_then_the_longer_audio_stays() -> None:
    """The receipt has no time: a success outranks a failure, more audio less, more sentences fewer."""
    failed = {"statusCode": "21050001", "bizDuration": 999999, "sentences": [{"text": "x"}] * 9}
    short = {"statusCode": "21050000", "bizDuration": 1000, "sentences": [{"text": "short"}]}
    long = {"statusCode": "21050000", "bizDuration": "2000", "sentences": []}
    longer = {"statusCode": "21050000", "bizDuration": 2000, "sentences": [{"text": "longer"}]}
    for worse, better in ((failed, short), (short, long), (long, longer), (failed, longer)):
        assert transcript(worse, better) == transcript(better, worse) == transcript(better)
