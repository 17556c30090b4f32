from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.spans import Event, Span, Trace, traces_of
from labctl.lookups.waterfall import bar, branches, key_attributes, rows
from tests.support.jaeger_answers import answer, checkout

IDS = st.sampled_from(["", *"abcdefgh"])
SPANS = st.builds(
    Span,
    id=IDS,
    parent_id=st.none() | IDS,
    service=st.sampled_from(["gateway", "risk"]),
    operation=st.text(max_size=5),
    start=st.floats(1e9, 1e9 + 10),
    duration=st.floats(-1, 10),
)
TRACES = st.builds(Trace, id=st.just("t"), spans=st.lists(SPANS, min_size=1, max_size=20).map(tuple))


def drawn(trace: Trace) -> list[str]:
    return [row.branch + row.span.operation for row in rows(trace)]


def test_the_tree_is_drawn_parents_first_and_siblings_by_time() -> None:
    trace = traces_of(answer(checkout()))[0]

    assert drawn(trace) == [
        "POST /v1/checkouts",
        "└─ POST",
        "   └─ POST /checkouts",
        "      ├─ POST",
        "      │  └─ POST /assessments",
        "      └─ POST",
    ]


@given(TRACES)
def test_the_tree_can_be_drawn_from_depths_alone(trace: Trace) -> None:
    lines = rows(trace)
    assert branches([line.depth for line in lines]) == [line.branch for line in lines]


def test_a_deep_tree_is_drawn_from_depths_as_well() -> None:
    spans = [Span(str(n), str(n - 1) if n else None, "risk", "x", n, 1) for n in range(60)]
    spans += [Span(f"{n}-", str(n), "risk", "y", 100 + n, 1) for n in range(0, 60, 3)]
    lines = rows(Trace("t", tuple(spans)))
    assert branches([line.depth for line in lines]) == [line.branch for line in lines]


def test_offsets_count_from_the_trace_s_start() -> None:
    offsets = [row.offset for row in rows(traces_of(answer(checkout()))[0])]

    assert offsets == pytest.approx([0, 0.002, 0.003, 0.005, 0.006, 0.24], abs=1e-5)


def test_an_orphan_is_a_top_with_a_remark() -> None:
    lines = rows(Trace("t", (Span("b", "lost", "risk", "orphan", 2, 1), Span("a", None, "gateway", "root", 1, 3))))

    assert [(line.span.operation, line.depth, line.remark) for line in lines] == [
        ("root", 0, ""),
        ("orphan", 0, "parent not kept"),
    ]


def test_a_cycle_is_cut_at_its_earliest_span() -> None:
    spans = (Span("a", "b", "risk", "late", 2, 1), Span("b", "a", "risk", "early", 1, 1))

    assert [(line.span.operation, line.depth) for line in rows(Trace("t", spans))] == [("early", 0), ("late", 1)]


def test_a_child_that_starts_before_its_parent_stays_on_the_line() -> None:
    spans = (Span("a", None, "gateway", "root", 10, 1), Span("b", "a", "risk", "skewed", 9.5, 1))

    assert [line.offset for line in rows(Trace("t", spans))] == [0.5, 0.0]


def test_a_chain_of_thousands_is_drawn_in_bounded_width() -> None:
    spans = tuple(Span(str(n), str(n - 1) if n else None, "risk", "x", float(n), 1) for n in range(5000))

    lines = rows(Trace("t", spans))

    assert lines[-1].depth == 4999
    assert max(len(line.branch) for line in lines) < 60


@given(TRACES)
def test_every_span_of_any_tree_is_drawn_exactly_once(trace: Trace) -> None:
    lines = rows(trace)

    assert sorted(map(id, (line.span for line in lines))) == sorted(map(id, trace.spans))
    assert all(0 <= line.offset <= trace.duration for line in lines)


@given(TRACES)
def test_a_row_hangs_at_most_one_deeper_than_the_row_above(trace: Trace) -> None:
    depths = [line.depth for line in rows(trace)]

    assert depths[0] == 0
    assert all(below <= above + 1 for above, below in pairwise(depths))


@given(TRACES, st.integers(1, 200))
def test_every_bar_is_seen_and_stays_inside(trace: Trace, width: int) -> None:
    for line in rows(trace):
        begin, length = bar(line.offset, line.span.duration, trace.duration, width)
        assert begin >= 0
        assert length >= 1
        assert begin + length <= width


@pytest.mark.parametrize(
    ("offset", "duration", "expected"), [(0, 1, (0, 10)), (0.5, 0.5, (5, 5)), (0.99, 0.001, (9, 1)), (1, 5, (9, 1))]
)
def test_a_bar_has_the_span_s_place_and_share(offset: float, duration: float, expected: tuple[int, int]) -> None:
    assert bar(offset, duration, 1.0, 10) == expected


def test_a_trace_without_duration_fills_the_line() -> None:
    assert bar(0, 0, 0, 10) == (0, 10)


def test_the_telling_attributes_come_in_a_fixed_order_and_empty_ones_not_at_all() -> None:
    span = Span(
        "a", None, "payments", "POST", 0, 1, {"error.type": "timeout", "http.route": "", "server.address": "risk"}
    )

    assert key_attributes(span) == "to=risk error=timeout"


def test_an_exception_s_message_is_taken_from_its_event() -> None:
    span = Span("a", None, "risk", "x", 0, 1, {}, (Event(0, {"exception.message": "pool timed out"}), Event(0, {})))

    assert key_attributes(span) == "message=pool timed out"


def test_what_the_name_says_already_is_not_said_again() -> None:
    span = Span("a", None, "risk", "SELECT features", 0, 1, {"db.query.summary": "SELECT features"})

    assert key_attributes(span) == ""


def test_a_status_of_zero_is_still_told() -> None:
    assert key_attributes(Span("a", None, "x", "y", 0, 1, {"http.response.status_code": 0})) == "status=0"
