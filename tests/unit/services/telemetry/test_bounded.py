from __future__ import annotations

from threading import Thread

import pytest

from services.telemetry.bounded import BoundedQueue


def test_items_come_out_in_order_and_all_at_once() -> None:
    queue: BoundedQueue[str] = BoundedQueue(10)
    assert queue.offer("a", 3)
    assert queue.offer("b", 3)
    assert queue.weight == 6
    assert queue.take(0) == ["a", "b"]
    assert queue.weight == 0


@pytest.mark.parametrize(("weights", "taken"), [([4, 6], [True, True]), ([4, 7], [True, False]), ([11], [False])])
def test_what_does_not_fit_is_refused(weights: list[int], taken: list[bool]) -> None:
    queue: BoundedQueue[int] = BoundedQueue(10)
    assert [queue.offer(weight, weight) for weight in weights] == taken


def test_there_is_room_again_after_a_take() -> None:
    queue: BoundedQueue[str] = BoundedQueue(1)
    assert queue.offer("a", 1)
    assert not queue.offer("b", 1)
    queue.take(0)
    assert queue.offer("c", 1)


def test_nothing_in_time_is_an_empty_take() -> None:
    assert BoundedQueue[str](1).take(0.001) == []


def test_whoever_takes_waits_for_the_first_item() -> None:
    queue: BoundedQueue[str] = BoundedQueue(1)
    taken: list[str] = []
    thread = Thread(target=lambda: taken.extend(queue.take(30)))
    thread.start()
    queue.offer("a", 1)
    thread.join()
    assert taken == ["a"]


def test_closing_wakes_and_refuses_but_loses_nothing() -> None:
    queue: BoundedQueue[str] = BoundedQueue(2)
    queue.offer("a", 1)
    queue.close()
    assert queue.closed
    assert not queue.offer("b", 1)
    assert queue.take(30, settle=30) == ["a"]
    assert queue.take(30) == []
