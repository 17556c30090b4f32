from labctl.play.looked import look_ups
from labctl.play.starting import PAGE
from labctl.state.journal import LOOK_UP, Entry


def page(incident: str) -> Entry:
    return Entry(0, 0.0, PAGE, {"incident": incident}, "")


def look(query: str) -> Entry:
    return Entry(0, 0.0, LOOK_UP, {"command": "metrics", "query": query}, "")


def asked(*entries: Entry, incident: str = "INC-0002") -> list[tuple[int, str]]:
    return [(each.number, each.asked) for each in look_ups(entries, incident)]


def test_from_its_own_page_up_to_the_next_incidents() -> None:
    entries = (look("a"), page("INC-0001"), look("b"), page("INC-0002"), look("c"), look("d"), page("INC-0003"))
    assert asked(*entries, look("e")) == [(1, "c"), (2, "d")]


def test_a_later_page_of_the_same_incident_counts_on() -> None:
    entries = (page("INC-0002"), look("a"), page("INC-0002"), look("b"))
    assert asked(*entries) == [(1, "a"), (2, "b")]


def test_what_is_asked_for_evidence_is_not_said_twice() -> None:
    logs = Entry(0, 0.0, LOOK_UP, {"command": "logs", "query": "{}", "since": "2m", "evidence": "log:x"}, "")
    (found,) = look_ups([page("INC-0001"), logs], "INC-0001")
    assert (found.asked, found.evidence) == ("{}, 2m", "log:x")
