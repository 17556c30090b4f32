from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from services.telemetry import counters
from services.telemetry.counters import Counters


def test_what_was_never_counted_is_zero() -> None:
    assert Counters().of(counters.DROPPED) == {(): 0}


def test_labels_are_counted_apart_and_summed() -> None:
    counts = Counters()
    counts.add(counters.DROPPED, 2, signal="traces", reason="queue-full")
    counts.add(counters.DROPPED, 1, signal="logs", reason="queue-full")
    counts.add(counters.FORWARDED)
    assert counts.of(counters.DROPPED) == {
        (("reason", "queue-full"), ("signal", "traces")): 2,
        (("reason", "queue-full"), ("signal", "logs")): 1,
    }
    assert counts.total(counters.DROPPED) == 3


def test_threads_lose_no_count() -> None:
    counts = Counters()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(800):
            pool.submit(counts.add, counters.FORWARDED)
    assert counts.total(counters.FORWARDED) == 800


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in counters.KINDS}) == len(counters.KINDS)
    assert all(kind.name.startswith("telemetry_") and not kind.name.endswith("_total") for kind in counters.KINDS)
