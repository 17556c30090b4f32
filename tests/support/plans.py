"""Plans as EXPLAIN (FORMAT JSON) answers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_NAMES = {"relation": "Relation Name", "index": "Index Name", "subplan": "Subplan Name", "cte": "CTE Name"}


def explained(root: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the whole answer."""
    return [{"Plan": root, "Planning Time": 0.317, "Execution Time": 48.994}]


def step(
    kind: str,
    relationship: str = "",
    *,
    rows: float = 1,
    cost: float = 1.0,
    actual: tuple[float, float, float] | None = None,
    below: Sequence[dict[str, Any]] = (),
    **names: str,
) -> dict[str, Any]:
    """Return one step; `actual` are rows and loops, and milliseconds of one loop; `names` are those of _NAMES."""
    found: dict[str, Any] = {"Node Type": kind, "Parent Relationship": relationship, "Plan Rows": rows}
    found |= {"Total Cost": cost, "Plans": list(below), **{_NAMES[name]: text for name, text in names.items()}}
    if actual is not None:
        found |= dict(zip(("Actual Rows", "Actual Loops", "Actual Total Time"), actual, strict=True))
    return found


MEASURED = explained(
    {
        **step("Aggregate", actual=(1, 1, 48.896), cost=10710.05),
        "Strategy": "Plain",
        "Partial Mode": "Simple",
        "Plans": [
            {
                **step("Seq Scan", "Outer", rows=312844, actual=(312564, 1, 37.321), cost=9927.92, relation="payments"),
                "Alias": "p",
                "Filter": "(amount_minor > 100)",
                "Rows Removed by Filter": 1200,
                "Shared Hit Blocks": 5573,
                "Shared Read Blocks": 444,
            }
        ],
    }
)
"""What Postgres 17 said of a count over a table, shortened."""
