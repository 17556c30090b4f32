from __future__ import annotations

from services.telemetry.loki.entry import ERROR, ERROR_DETAILS, Entry


def entry() -> Entry:
    return Entry(5, "line", {"level": "info", "service_name": "a"}, lambda: {"trace_id": "t"})


def test_labels_come_from_everywhere() -> None:
    found = entry()
    found.add("status", "500")
    assert [found.get(name) for name in ("level", "trace_id", "status", "none")] == ["info", "t", "500", ""]
    assert found.labels() == {"level": "info", "service_name": "a", "trace_id": "t", "status": "500"}


def test_the_streams_labels_keep_their_names() -> None:
    found = entry()
    found.add("level", "ERROR")
    found.add("trace_id", "other")
    assert found.get("level") == "info"
    assert found.get("level_extracted") == "ERROR"
    assert found.get("trace_id") == "other"


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
