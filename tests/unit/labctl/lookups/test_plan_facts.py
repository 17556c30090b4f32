from __future__ import annotations

import math

import pytest

from labctl.lookups.plan_facts import facts_of, number, title_of


@pytest.mark.parametrize(
    ("step", "title"),
    [
        ({"Node Type": "Hash Join", "Join Type": "Left"}, "Hash Left Join"),
        ({"Node Type": "Hash Join", "Join Type": "Inner"}, "Hash Join"),
        ({"Node Type": "Nested Loop", "Join Type": "Anti"}, "Nested Loop Anti Join"),
        (
            {"Node Type": "Aggregate", "Strategy": "Hashed", "Partial Mode": "Partial", "Parallel Aware": False},
            "Partial HashAggregate",
        ),
        (
            {"Node Type": "Seq Scan", "Parallel Aware": True, "Relation Name": "p", "Alias": "p"},
            "Parallel Seq Scan on p",
        ),
        ({"Node Type": "Seq Scan", "Relation Name": "p", "Schema": "app"}, "Seq Scan on app.p"),
        (
            {
                "Node Type": "Index Scan",
                "Scan Direction": "Backward",
                "Index Name": "i",
                "Relation Name": "t",
                "Alias": "x",
            },
            "Index Scan Backward using i on t x",
        ),
        ({"Node Type": "CTE Scan", "CTE Name": "big", "Alias": "b"}, "CTE Scan on big b"),
        ({"Node Type": "Values Scan", "Alias": '"*VALUES*"'}, 'Values Scan on "*VALUES*"'),
        ({"Node Type": "ModifyTable", "Operation": "Update", "Relation Name": "p"}, "Update on p"),
        ({}, ""),
    ],
)
def test_a_step_is_called_as_explain_calls_it(step: dict[str, object], title: str) -> None:
    assert title_of(step) == title


@pytest.mark.parametrize("value", [True, None, "5", -1, math.nan, math.inf, 10**400, []])
def test_what_is_no_number_is_none(value: object) -> None:
    assert number({"a": value}, "a") is None


def test_what_filters_removed_is_counted_over_all_loops() -> None:
    step = {"Node Type": "Seq Scan", "Filter": "(a)", "Rows Removed by Filter": 40, "Actual Loops": 50}
    assert list(facts_of(step)) == [("Filter", "(a)"), ("Rows Removed by Filter", "2,000"), ("Loops", "50")]


def test_one_batch_and_zeros_say_nothing() -> None:
    assert list(facts_of({"Hash Batches": 1, "Heap Fetches": 0, "Sort Key": ["a", "b DESC"]})) == [
        ("Sort Key", "a, b DESC")
    ]
    assert dict(facts_of({"Hash Batches": 8, "Sort Space Used": 2048})) == {
        "Hash Batches": "8",
        "Sort Space Used": "2,048 KiB",
    }
