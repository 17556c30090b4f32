from __future__ import annotations

from bench.hub.ear import Told
from bench.hub.lost import Happened, Heard, Stretch, account, stretches

FIRST = (Told(0, "alerts", "a"), Told(0, "logbook", "0"))


def heard(name: str, *told: Told, team: str = "t1", since: float = 0, until: float = 100) -> Heard:
    return Heard(name, team, since, until, (*FIRST, *told))


def test_how_long_a_topic_had_which_version() -> None:
    told = heard("ada", Told(10, "alerts", "b")), heard("alan", Told(11, "alerts", "b"), Told(30, "alerts", "a"))
    assert [each for each in stretches(told) if each.topic == "alerts"] == [
        Stretch("alerts", "a", 0, 10),
        Stretch("alerts", "b", 10, 30),
        Stretch("alerts", "a", 30, 100),
    ]


def test_everybody_who_was_told_misses_nothing() -> None:
    told = [heard("ada", Told(10, "alerts", "b")), heard("alan", Told(11, "alerts", "b"))]
    found = account(told, {"t1": [Happened("logbook", 97)]})
    assert (found.expected, found.missing) == (6, ())


def test_a_version_that_only_others_were_told_of_is_missing() -> None:
    found = account([heard("ada", Told(10, "alerts", "b")), heard("alan")], {})
    assert found.missing == ("alan of t1: alerts b",)


def test_a_version_that_was_over_at_once_may_be_skipped() -> None:
    ada = heard("ada", Told(10, "alerts", "b"), Told(12, "alerts", "c"))
    assert account([ada, heard("alan", Told(12, "alerts", "c"))], {}).missing == ()


def test_other_teams_have_versions_of_their_own() -> None:
    assert account([heard("ada", Told(10, "alerts", "b")), heard("alan", team="t2")], {}).missing == ()


def test_who_came_later_or_left_before_misses_nothing_of_that_time() -> None:
    ada = heard("ada", Told(10, "alerts", "b"), Told(80, "alerts", "c"))
    late = Heard("alan", "t1", 50, 82, (Told(50, "alerts", "b"), Told(50, "logbook", "0")))
    assert account([ada, late], {"t1": [Happened("logbook", 20)]}).missing == ("ada of t1: logbook at 20.0",)


def test_what_the_lab_wrote_down_needs_an_event_soon_after() -> None:
    told = heard("ada", Told(20.5, "logbook", "1"), Told(46, "logbook", "2"))
    found = account([told], {"t1": [Happened("logbook", 20), Happened("logbook", 40)]})
    assert found.missing == ("ada of t1: logbook at 40.0",)
    assert found.late_s == (0.5,)


def test_an_event_of_another_topic_tells_nothing() -> None:
    found = account([heard("ada", Told(20.5, "alerts", "b"))], {"t1": [Happened("logbook", 20)]})
    assert found.missing == ("ada of t1: logbook at 20.0",)
