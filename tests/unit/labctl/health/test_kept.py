from __future__ import annotations

import pytest

from labctl.health.kept import DISK_FULL, LOST, troubles


class Answers:
    def __init__(self, **values: float | None) -> None:
        self._values = {LOST: values.get("lost"), DISK_FULL: values.get("full")}

    def scalar(self, promql: str, at: float | None = None) -> float | None:
        return self._values[promql]


@pytest.mark.parametrize("lost", [None, 0.0, -40.0])
def test_a_store_that_keeps_everything_or_was_replaced_says_nothing(lost: float | None) -> None:
    assert troubles(Answers(lost=lost, full=0.0)) == []


def test_what_was_lost_is_said() -> None:
    assert troubles(Answers(lost=1.0)) == ["spans and lines that the telemetry store lost in the last 15m: 1"]
    assert troubles(Answers(lost=1200.0, full=1.0)) == [
        "spans and lines that the telemetry store lost in the last 15m: 1200",
        "the disk is full: the telemetry store lets its oldest spans and lines go",
    ]
