import pytest

from services.telemetry.loki.entry import ERROR, Entry
from services.telemetry.loki.syntax import Unwrap
from services.telemetry.loki.unwrap import step, value


def entry(**metadata: str) -> Entry:
    return Entry(1, "a line", {"service_name": "gateway"}, lambda: dict(metadata))


@pytest.mark.parametrize(
    ("text", "conversion", "number"),
    [
        ("12.5", "", 12.5),
        ("1m30s", "duration", 90),
        ("250ms", "duration_seconds", 0.25),
        ("2kB", "bytes", 2000),
        ("1MiB", "bytes", 1024**2),
    ],
)
def test_a_value_becomes_a_number(text: str, conversion: str, number: float) -> None:
    assert value(text, conversion) == pytest.approx(number)


def test_the_label_becomes_the_value() -> None:
    found = entry(took="5", other="x")
    assert step(Unwrap("took"))(found)
    assert found.value == 5
    assert found.metadata == {"other": "x"}


def test_an_entry_without_the_label_does_not_go_on() -> None:
    assert not step(Unwrap("took"))(entry())


@pytest.mark.parametrize("conversion", ["", "duration", "bytes"])
def test_what_is_no_number_is_an_error_of_the_entry(conversion: str) -> None:
    found = entry(took="soon")
    assert step(Unwrap("took", conversion))(found)
    assert found.value is None
    assert found.parsed[ERROR] == "SampleExtractionErr"
