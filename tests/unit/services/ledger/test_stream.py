from __future__ import annotations

from typing import Any

import pytest
from redis import ResponseError

from services.ledger.stream import Message, StreamGroup, StreamSettings
from tests.support.fake_streams import FakeStreams
from tests.support.ledger_examples import message

SETTINGS = StreamSettings(stream="s", group="g", consumer="c", block_ms=50)


def test_a_new_group_starts_with_the_oldest_message() -> None:
    redis = FakeStreams()
    StreamGroup(redis, SETTINGS).ensure()
    assert redis.calls == [("xgroup_create", ("s", "g"), {"id": "0", "mkstream": True})]


def test_a_group_that_exists_is_fine() -> None:
    redis = FakeStreams(xgroup_create=ResponseError("BUSYGROUP exists"))
    StreamGroup(redis, SETTINGS).ensure()
    assert [command for command, _, _ in redis.calls] == ["xgroup_create"]


def test_another_refusal_is_told() -> None:
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        StreamGroup(FakeStreams(xgroup_create=ResponseError("WRONGTYPE")), SETTINGS).ensure()


def test_new_messages() -> None:
    redis = FakeStreams(xreadgroup=[["s", [("1-0", {"a": "b"}), ("2-0", None)]]])
    assert StreamGroup(redis, SETTINGS).new(20) == [Message("1-0", {"a": "b"}), Message("2-0", {})]
    assert redis.calls == [("xreadgroup", ("g", "c", {"s": ">"}), {"count": 20, "block": 50})]


@pytest.mark.parametrize("answer", [None, []])
def test_no_new_messages(answer: Any) -> None:
    assert StreamGroup(FakeStreams(xreadgroup=answer), SETTINGS).new(20) == []


def test_stuck_messages_are_taken_over() -> None:
    redis = FakeStreams(xautoclaim=["0-0", [("1-0", {"a": "b"}), (None, None), ("2-0", None)], ["3-0"]])
    assert StreamGroup(redis, SETTINGS).stuck(20, 1500) == [Message("1-0", {"a": "b"}), Message("2-0", {})]
    assert redis.calls == [("xautoclaim", ("s", "g", "c"), {"min_idle_time": 1500, "count": 20})]


@pytest.mark.parametrize(("answer", "kept"), [(["7-0"], True), ([], False)])
def test_a_message_is_taken_again_without_counting_as_a_delivery(answer: list[str], kept: bool) -> None:
    redis, taken = FakeStreams(xclaim=answer), message(7)
    assert StreamGroup(redis, SETTINGS).again(taken) == (taken if kept else None)
    options = {"min_idle_time": 0, "message_ids": ["7-0"], "justid": True}
    assert redis.calls == [("xclaim", ("s", "g", "c"), options)]


@pytest.mark.parametrize(("answer", "expected"), [([], 0), ([{"times_delivered": 4}], 4)])
def test_deliveries(answer: Any, expected: int) -> None:
    assert StreamGroup(FakeStreams(xpending_range=answer), SETTINGS).deliveries(message()) == expected


def test_done_acknowledges() -> None:
    redis = FakeStreams()
    StreamGroup(redis, SETTINGS).done(message(7))
    assert redis.calls == [("xack", ("s", "g", "7-0"), {})]


def test_giving_up_moves_the_message_in_one_transaction() -> None:
    redis = FakeStreams()
    given_up = message(7)
    StreamGroup(redis, SETTINGS).give_up(given_up, "x" * 500)
    (add, acknowledge, execute, _) = redis.calls
    assert add[0] == "xadd"
    assert add[1][0] == "s.dead"
    assert add[1][1] == {**given_up.fields, "original_id": "7-0", "reason": "x" * 200}
    assert add[2]["maxlen"] == 1000
    assert acknowledge[:2] == ("xack", ("s", "g", "7-0"))
    assert execute[0] == "execute"


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([{"name": "g", "lag": 3, "pending": 2}], (3, 2)),
        ([{"name": "other", "lag": 9, "pending": 9}, {"name": "g", "lag": None, "pending": 1}], (None, 1)),
        ([], (None, 0)),
    ],
)
def test_the_backlog(groups: Any, expected: tuple[int | None, int]) -> None:
    assert StreamGroup(FakeStreams(xinfo_groups=groups), SETTINGS).backlog() == expected


def test_ping() -> None:
    redis = FakeStreams()
    StreamGroup(redis, SETTINGS).ping()
    assert redis.calls == [("ping", (), {})]
