from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.entry import ERROR, ERROR_DETAILS, Entry


def entry() -> Entry:
    return Entry(5, "line", {"level": "info", "service_name": "a"}, lambda: {"trace_id": "t"})


def test_labels_come_from_everywhere() -> None:
    found = entry()
    found.add("status", "500")
    assert [found.get(name) for name in ("level", "trace_id", "status", "none")] == ["info", "t", "500", ""]
    assert found.labels() == {"level": "info", "service_name": "a", "trace_id": "t", "status": "500"}


@given(st.dictionaries(st.sampled_from(["level", "service_name", "trace_id", "scope_name", "status"]), st.text()))
def test_nothing_in_a_line_poses_as_what_was_sent_with_it(fields: dict[str, str]) -> None:
    found = entry()
    for name, value in fields.items():
        found.add(name, value)
    told = {"level": "info", "service_name": "a", "trace_id": "t"}
    assert {name: found.get(name) for name in told} == told
    assert {name: found.labels()[name] for name in told} == told
    for name, value in fields.items():
        assert found.labels()[f"{name}_extracted" if name in told else name] == value


def test_nothing_that_was_sent_with_a_line_poses_as_the_streams() -> None:
    sent = {"service_name": "ledger", "trace_id": "t"}
    found = Entry(5, "line", {"level": "info", "service_name": "a"}, lambda: sent)
    assert found.get("service_name") == found.labels()["service_name"] == "a"
    assert found.get("service_name_extracted") == "ledger"
    found = Entry(5, "line", {"level": "info", "service_name": "a"}, lambda: sent)
    found.drop(("service_name",))
    assert found.get("service_name") == ""


def test_dropping_labels_does_not_touch_the_shared_stream() -> None:
    found = entry()
    stream = found.stream
    found.drop(("level", "service_name"))
    assert found.labels() == {"trace_id": "t"}
    assert stream == {"level": "info", "service_name": "a"}


def test_metadata_is_made_once_and_only_when_it_is_asked_for() -> None:
    made: list[int] = []

    def make() -> dict[str, str]:
        made.append(1)
        return {"trace_id": "t"}

    found = Entry(5, "line", {}, make)
    assert made == []
    assert found.get("trace_id") == found.metadata["trace_id"] == "t"
    assert made == [1]


def test_a_failure_is_a_label() -> None:
    found = entry()
    found.fail("JSONParserErr", "no object")
    assert (found.get(ERROR), found.get(ERROR_DETAILS)) == ("JSONParserErr", "no object")
