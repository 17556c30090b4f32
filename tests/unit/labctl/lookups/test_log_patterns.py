from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.log_patterns import MOST_TEXT, id_of, pattern_of, patterns


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("risk answered in 12 ms", "risk answered in 345.6 ms", True),
        ("payment pay_8c8b1e4201 authorised", "payment pay_6e2ad531d9 authorised", True),
        ("key 123e4567-e89b-12d3-a456-426614174000 kept", "key 00000000-e89b-12d3-a456-426614174fff kept", True),
        ("customer 'Ada' paid", "customer 'Bob' paid", True),
        ("attempt 2 of 3", "attempt 1 of 3", True),
        ("trace 4bf92f3577b34da6", "trace 00f067aa0ba902b7", True),
        ("retrying risk", "retrying ledger", False),
        ("a deadbeef in words only: defaced", "a deadbeef in words only: decade", False),
    ],
)
def test_lines_that_differ_in_numbers_and_ids_are_alike(one: str, other: str, alike: bool) -> None:
    assert (pattern_of(one) == pattern_of(other)) is alike
    assert (id_of("risk", "info", one) == id_of("risk", "info", other)) is alike


def test_they_are_counted_by_service_and_level_the_most_frequent_first() -> None:
    lines = [("risk", "info", f"took {n} ms") for n in range(5)] + [
        ("risk", "warn", "took 1 ms"),
        ("jobs", "info", "x"),
    ]
    found = patterns(lines)
    assert [(each.service, each.level, each.text, each.lines) for each in found] == [
        ("risk", "info", "took <…> ms", 5),
        ("risk", "warn", "took <…> ms", 1),
        ("jobs", "info", "x", 1),
    ]
    assert found[0].example == "took 0 ms"
    assert found[0].id == id_of("risk", "info", "took 99 ms")


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["info", ""]), st.text())))
def test_every_line_is_counted_once(lines: list[tuple[str, str, str]]) -> None:
    found = patterns(lines)
    assert sum(each.lines for each in found) == len(lines)
    assert len({each.id for each in found}) == len(found)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["a" * 10_000, "1" * 10_000, "a_" * 5000, "'" * 9999, "0.-:/" * 3000, "ab12" * 3000])
def test_no_line_holds_it_up(text: str) -> None:
    assert len(pattern_of(text)) <= 3 * MOST_TEXT
