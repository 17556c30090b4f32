from __future__ import annotations

from bench.hub.ear import Ear, Told

SEEN = "incident=a1,changes=b1"


def ear() -> Ear:
    return Ear(SEEN, now=lambda: 5.0)


def hear(listener: Ear, topic: str, number: str) -> str | None:
    lines = (f"id: {number}", f"event: {topic}", "data: {}", "")
    return [listener.take(line) for line in lines][-1]


def test_what_the_page_had_seen_is_known() -> None:
    assert ear().told == [Told(5.0, "incident", "a1"), Told(5.0, "changes", "b1")]


def test_an_event_is_told_at_its_end() -> None:
    listener = ear()
    assert [listener.take(line) for line in ("id: incident=a2,changes=b1", "event: incident")] == [None, None]
    assert listener.take("") == "incident"
    assert listener.told[-1] == Told(5.0, "incident", "a2")
    assert (listener.last_id, listener.doubles, listener.gaps) == ("incident=a2,changes=b1", 0, 0)


def test_signs_of_life_and_the_hubs_own_events_have_no_version() -> None:
    listener = ear()
    assert [listener.take(line) for line in (": still here", "")] == [None, None]
    assert [listener.take(line) for line in ("event: team", "data: {}", "")] == [None, None, "team"]
    assert len(listener.told) == 2


def test_an_event_that_comes_again_is_a_double() -> None:
    listener = ear()
    hear(listener, "changes", SEEN)
    assert (listener.doubles, listener.gaps) == (1, 0)


def test_an_id_that_knows_what_nobody_said_is_a_gap() -> None:
    listener = ear()
    hear(listener, "changes", "incident=a9,changes=b2")
    assert (listener.doubles, listener.gaps) == (0, 1)
    hear(listener, "changes", "incident=a9,changes=b3")
    assert listener.gaps == 1


def test_what_a_stream_was_cut_off_in_is_forgotten() -> None:
    listener = ear()
    listener.take("id: incident=a2,changes=b1")
    listener.begin()
    listener.take("event: incident")
    listener.take("")
    assert listener.known["incident"] == "a1"


def test_a_lab_that_is_gone_ends_it() -> None:
    listener = ear()
    listener.take("event: gone")
    listener.take("")
    assert listener.ended
