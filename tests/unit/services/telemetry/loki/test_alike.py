from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.loki.alike import ANY, MOST_TEXT, count, pattern_of
from services.telemetry.loki.entry import Entry
from services.telemetry.loki.patterns import compile_like

SECOND = 10**9


def entry(line: str, at: int, level: str = "info") -> Entry:
    return Entry(at * SECOND, line, {"level": level})


def test_numbers_and_ids_are_taken_out() -> None:
    assert pattern_of("POST /v1/checkouts 502") == "POST /v1/checkouts <_>"
    assert pattern_of("refunded pay_9f8a1 of 12.50 after 30ms") == "refunded <_> of <_> after <_>"


@given(st.text(max_size=600))
def test_a_line_is_like_its_own_pattern(line: str) -> None:
    assert compile_like(pattern_of(line))(line)


def test_a_long_line_counts_by_its_beginning() -> None:
    assert pattern_of("a" * MOST_TEXT + "b") == "a" * MOST_TEXT + ANY


def test_lines_are_counted_by_pattern_level_and_time() -> None:
    found = count(
        [entry("paid 1", 5), entry("paid 2", 14), entry("paid 3", 15), entry("paid 4", 5, "error")], 10 * SECOND
    )
    assert found["paid <_>", "info"].counts == {0: 1, 10: 2}
    assert found["paid <_>", "error"].counts == {0: 1}
    assert next(iter(found)) == ("paid <_>", "info")
