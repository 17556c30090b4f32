from __future__ import annotations

import pytest

from labctl.lookups import waterfall
from labctl.lookups.gaps import Gaps
from labctl.lookups.spans import Span, Trace


def span(id: str, parent: str | None, start: float, end: float, service: str = "payments", **more: str) -> Span:
    attributes = {key.replace("__", "."): value for key, value in more.items()}
    return Span(id, parent, service, id, start, end - start, {**attributes})


def remarks(*spans: Span) -> dict[str, list[str]]:
    gaps = Gaps.of(spans)
    return {each.id: list(gaps.remarks(each)) for each in spans}


ROOT = span("root", None, 0.0, 1.0)


def test_a_span_within_its_parents_time_is_not_odd() -> None:
    assert remarks(ROOT, span("child", "root", 0.2, 0.9))["child"] == []


def test_a_span_outside_of_its_parents_time_is_said() -> None:
    found = remarks(ROOT, span("late", "root", 0.5, 1.03), span("early", "root", -0.02, 0.5))
    assert found["late"] == ["ended 30 ms after its parent"]
    assert found["early"] == ["began 20 ms before its parent"]


def test_less_than_a_millisecond_is_how_clocks_are() -> None:
    assert remarks(ROOT, span("child", "root", 0.2, 1.0009))["child"] == []


def test_who_works_on_a_message_may_be_late() -> None:
    assert remarks(ROOT, span("work", "root", 2.0, 3.0, "ledger", span__kind="consumer"))["work"] == []


@pytest.mark.parametrize(("callee", "expected"), [("risk:8080", ["no span of risk"]), ("acquirer", []), ("", [])])
def test_a_callee_that_makes_spans_and_has_none_is_said(callee: str, expected: list[str]) -> None:
    call = span("call", "root", 0.1, 0.2, span__kind="client", server__address=callee)
    assert remarks(ROOT, call)["call"] == expected


def test_a_callee_that_answered_has_one() -> None:
    call = span("call", "root", 0.1, 0.2, span__kind="client", server__address="risk")
    assert remarks(ROOT, call, span("answer", "call", 0.12, 0.18, "risk"))["call"] == []


def test_a_span_that_is_its_own_parent_is_compared_with_nobody() -> None:
    assert remarks(span("self", "self", 0.0, 1.0))["self"] == []


def test_the_waterfall_says_both_what_is_missing_above_and_below() -> None:
    call = span("call", "gone", 0.1, 0.2, span__kind="client", server__address="risk")
    rows = {row.span.id: row.remark for row in waterfall.rows(Trace("t", (ROOT, call)))}
    assert rows == {"root": "", "call": "parent not kept; no span of risk"}
