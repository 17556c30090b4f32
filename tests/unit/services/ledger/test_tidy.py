from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from services.ledger.stream import StreamGroup, StreamSettings
from services.ledger.tidy import Tidy
from tests.support.fake_streams import FakeStreams

SETTINGS = StreamSettings(stream="s", group="g", consumer="c")


def group(name: str, last: str, pending: int = 0) -> dict[str, object]:
    return {"name": name, "last-delivered-id": last, "pending": pending}


def trimmed(redis: FakeStreams) -> list[str]:
    Tidy(StreamGroup(redis, SETTINGS)).step()
    return [options["minid"] for command, _, options in redis.calls if command == "xtrim"]


def test_what_was_delivered_and_acknowledged_goes() -> None:
    assert trimmed(FakeStreams(xinfo_groups=[group("g", "20-1")], xtrim=5)) == ["20-1"]


def test_the_oldest_open_message_and_all_after_it_stay() -> None:
    redis = FakeStreams(xinfo_groups=[group("g", "20-1", pending=2)], xpending={"min": "7-0"}, xtrim=5)
    assert trimmed(redis) == ["7-0"]


def test_the_slowest_group_decides_by_number_not_by_text() -> None:
    groups = [group("g", "10-0"), group("reports", "9-5"), group("audit", "9-12")]
    assert trimmed(FakeStreams(xinfo_groups=groups, xtrim=5)) == ["9-5"]


def test_a_stream_that_nobody_reads_is_kept() -> None:
    assert trimmed(FakeStreams(xinfo_groups=[])) == []


@pytest.mark.parametrize("exactly", [False, True])
def test_it_trims_to_the_message_when_it_is_told_to(exactly: bool) -> None:
    redis = FakeStreams(xinfo_groups=[group("g", "20-1")], xtrim=5)
    Tidy(StreamGroup(redis, SETTINGS), exactly=lambda: exactly).step()
    assert redis.calls[-1] == ("xtrim", ("s",), {"minid": "20-1", "approximate": not exactly})


def test_redis_away_is_waited_for() -> None:
    assert trimmed(FakeStreams(xinfo_groups=RedisConnectionError("away"))) == []
