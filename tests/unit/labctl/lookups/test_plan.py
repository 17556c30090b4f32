from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups.plan import MOST_DEPTH, MOST_NODES, NoPlanError, parse
from tests.support.plans import MEASURED, explained, step

NUMBERS = st.one_of(st.integers(0, 10**9), st.floats(0, 1e12))
KEYS = ("Total Cost", "Plan Rows", "Actual Rows", "Actual Loops", "Actual Total Time", "Rows Removed by Filter")
LEAVES = st.fixed_dictionaries(
    {"Node Type": st.sampled_from(["Seq Scan", "Sort", "Materialize", "CTE Scan"])},
    optional={
        **dict.fromkeys(KEYS, NUMBERS),
        "Parent Relationship": st.sampled_from(["Outer", "Inner", "InitPlan", "SubPlan"]),
        "Subplan Name": st.sampled_from(["CTE a", "SubPlan 1"]),
        "CTE Name": st.just("a"),
    },
)
STEPS = st.recursive(
    LEAVES, lambda below: st.builds(lambda top, plans: {**top, "Plans": plans}, LEAVES, st.lists(below, max_size=4))
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(st.sampled_from(["Plan", "Plans", "Node Type", *KEYS, "Sort Key"]), below, max_size=5),
    ),
)


@given(STEPS)
def test_own_shares_are_parts_of_one_whole(root: dict[str, Any]) -> None:
    plan = parse(explained(root))
    assert all(0 <= each.share <= 1 for each in plan.nodes)
    assert sum(each.share for each in plan.nodes) == pytest.approx(1) or not any(each.share for each in plan.nodes)
    assert plan.nodes[0].depth == 0


@given(JSON)
def test_whatever_somebody_makes_up_is_a_plan_or_none(document: object) -> None:
    for made_up in (document, {"Plan": document}, [{"Plan": {"Node Type": "Sort", "Plans": document}}]):
        with contextlib.suppress(NoPlanError):
            assert parse(made_up).nodes


def test_a_measured_plan_says_whose_the_time_is() -> None:
    plan = parse(MEASURED)
    assert plan.measured
    assert (plan.planning_ms, plan.execution_ms) == (0.317, 48.994)
    top, scan = plan.nodes
    assert (top.title, scan.title) == ("Aggregate", "Seq Scan on payments p")
    assert scan.own_ms == pytest.approx(37.321)
    assert top.own_ms == pytest.approx(48.896 - 37.321)
    assert scan.share == pytest.approx(37.321 / 48.896)
    assert scan.is_costly
    facts = dict(scan.facts)
    assert facts["Filter"] == "(amount_minor > 100)"
    assert facts["Rows Removed by Filter"] == "1,200"
    assert facts["Blocks"] == "5,573 from the cache, 444 read from outside of it"


def test_rows_and_times_are_those_of_all_loops() -> None:
    inner = step("Index Scan", "Inner", rows=1, actual=(2, 500, 0.1), relation="merchants", index="merchants_pkey")
    outer = step("Seq Scan", "Outer", rows=500, actual=(500, 1, 3.0), relation="payments")
    join, _, again = parse(explained(step("Nested Loop", actual=(1000, 1, 60.0), rows=500, below=[outer, inner]))).nodes
    assert (again.rows, again.ms, again.loops) == (1000, 50.0, 500)
    assert join.own_ms == pytest.approx(60.0 - 3.0 - 50.0)
    assert again.title == "Index Scan using merchants_pkey on merchants"


def test_the_inner_side_of_a_nested_loop_costs_as_often_as_it_runs() -> None:
    outer = step("Seq Scan", "Outer", rows=1000, cost=20.0, relation="payments")
    inner = step("Index Scan", "Inner", rows=1, cost=8.0, relation="merchants")
    join, _, again = parse(explained(step("Nested Loop", rows=1000, cost=8100.0, below=[outer, inner]))).nodes
    assert again.share == pytest.approx(8000 / 8100)
    assert join.share < 0.02


def test_what_runs_again_costs_as_often_below_it() -> None:
    index = step("Bitmap Index Scan", "Outer", cost=6.0, index="payments_merchant")
    heap = step("Bitmap Heap Scan", "Inner", rows=1, cost=8.0, relation="payments", below=[index])
    outer = step("Seq Scan", "Outer", rows=100, cost=20.0, relation="merchants")
    *_, again, below = parse(explained(step("Nested Loop", rows=100, cost=820.0, below=[outer, heap]))).nodes
    assert (again.share, below.share) == (pytest.approx(200 / 820), pytest.approx(600 / 820))


def test_what_a_limit_stops_early_does_not_cost_all_of_it() -> None:
    scan = step("Seq Scan", "Outer", rows=100_000, cost=9000.0, relation="payments")
    limit, below = parse(explained(step("Limit", rows=10, cost=0.9, below=[scan]))).nodes
    assert (limit.share, below.share) == (pytest.approx(0), pytest.approx(1))


def test_rows_of_with_are_the_time_of_who_made_them() -> None:
    made = step("Seq Scan", "InitPlan", actual=(9, 1, 40.0), subplan="CTE big", relation="payments")
    read = step("CTE Scan", "Outer", actual=(9, 1, 41.0), cte="big")
    plan = parse(explained(step("Aggregate", actual=(1, 1, 42.0), below=[made, read])))
    assert [each.own_ms for each in plan.nodes] == pytest.approx([1.0, 40.0, 1.0])
    assert plan.nodes[1].relationship == "CTE big"


@pytest.mark.parametrize(
    ("planned", "actual", "off"),
    [(1, 5000, 5000), (5000, 1, 1 / 5000), (100, 900, None), (1, 50, None), (0, 0, None)],
)
def test_rows_far_from_the_plan_are_marked(planned: int, actual: int, off: float | None) -> None:
    (node,) = parse(explained(step("Seq Scan", rows=planned, actual=(actual, 1, 1.0)))).nodes
    assert node.off == (pytest.approx(off) if off else None)


def test_a_step_that_never_ran_is_far_off_nothing() -> None:
    (node,) = parse(explained(step("Seq Scan", rows=5000, actual=(0, 0, 0.0)))).nodes
    assert node.never_ran
    assert (node.rows, node.off) == (None, None)


def test_a_plan_that_did_not_run_has_no_times() -> None:
    (node,) = parse(explained(step("Seq Scan", rows=5000, cost=100.0))).nodes
    assert (node.ms, node.rows, node.off, node.share, node.never_ran) == (None, None, None, 1.0, False)


def test_a_plan_that_is_too_large_is_refused() -> None:
    deep: dict[str, Any] = step("Sort")
    for _ in range(MOST_DEPTH + 1):
        deep = step("Sort", below=[deep])
    with pytest.raises(NoPlanError, match="too large"):
        parse(explained(deep))
    with pytest.raises(NoPlanError, match="too large"):
        parse(explained(step("Append", below=[step("Seq Scan")] * MOST_NODES)))


def test_what_a_limit_ends_early_is_not_far_off() -> None:
    scan = step("Seq Scan", "Outer", rows=50_000, actual=(10, 1, 1.0))
    early = parse(explained(step("Limit", actual=(10, 1, 1.0), below=[scan])))
    assert early.nodes[1].off is None
    sort = step("Sort", "Outer", rows=50_000, actual=(10, 1, 1.0), below=[scan])
    whole = parse(explained(step("Limit", actual=(10, 1, 1.0), below=[sort])))
    assert [each.off is None for each in whole.nodes] == [True, True, False]


def test_removed_rows_are_those_of_all_loops() -> None:
    scan = {**step("Seq Scan", actual=(1, 20, 1.0)), "Rows Removed by Filter": 300}
    assert parse(explained(scan)).nodes[0].removed == 6000
