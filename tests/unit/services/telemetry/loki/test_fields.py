import pytest

from services.telemetry.loki.entry import Entry
from services.telemetry.loki.fields import MAX_VALUES, detect, kind_of
from services.telemetry.loki.syntax import Parser


def entry(line: str = "POST /v1/checkouts 502", **metadata: str) -> Entry:
    return Entry(1, line, {"service_name": "gateway", "detected_level": "info"}, lambda: dict(metadata))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("502", "int"),
        ("12.5", "float"),
        ("true", "boolean"),
        ("1m30s", "duration"),
        ("512MiB", "bytes"),
        ("POST", "string"),
        ("", "string"),
    ],
)
def test_a_value_shows_its_type(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_what_was_sent_beside_the_line_needs_no_parser() -> None:
    found = detect([entry(status="502", duration_ms="12.5"), entry(status="201", duration_ms="7")])
    assert set(found) == {"detected_level", "status", "duration_ms"}
    assert {name: each.kind for name, each in found.items()} == {
        "detected_level": "string",
        "status": "int",
        "duration_ms": "float",
    }
    assert [*found["status"].values] == ["502", "201"]
    assert not found["status"].parsers


def test_a_field_of_a_line_names_its_parser() -> None:
    found = detect([entry('{"status": 502}'), entry('{"no json"'), entry("took=12ms path=/v1 and words")])
    assert found["status"].parsers == {Parser.JSON}
    assert found["took"].parsers == {Parser.LOGFMT}
    assert "words" not in found


def test_values_of_several_types_are_texts() -> None:
    assert detect([entry(x="1"), entry(x="a")])["x"].kind == "string"


def test_only_so_many_values_are_told_apart() -> None:
    assert len(detect(entry(x=str(n)) for n in range(MAX_VALUES + 5))["x"].values) == MAX_VALUES
