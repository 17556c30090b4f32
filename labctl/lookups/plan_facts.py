"""What a step of a plan says of itself, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Step = Mapping[str, object]

MOST = 1e15
_KINDS = {"Nested Loop": "Nested Loop", "Hash Join": "Hash Join", "Merge Join": "Merge Join"}
_FACTS = (
    *("Index Cond", "Recheck Cond", "TID Cond", "Order By", "Hash Cond", "Merge Cond", "Join Filter"),
    *("Rows Removed by Join Filter", "Filter", "Rows Removed by Filter", "One-Time Filter"),
    *("Rows Removed by Index Recheck", "Group Key", "Sort Key", "Presorted Key", "Cache Key", "CTE Name"),
    *("Sort Method", "Sort Space Used", "Sort Space Type", "Hash Batches", "Peak Memory Usage", "HashAgg Batches"),
    *("Disk Usage", "Heap Fetches", "Exact Heap Blocks", "Lossy Heap Blocks", "Cache Hits", "Cache Misses"),
    *("Workers Planned", "Workers Launched", "Function Name"),
)
_KIB = frozenset({"Sort Space Used", "Peak Memory Usage", "Disk Usage"})
_ONE = frozenset({"Hash Batches", "HashAgg Batches"})
"""One batch is what fits into memory, as it should: nothing to say."""
_BLOCKS = {
    "Shared Hit Blocks": "from the cache",
    "Shared Read Blocks": "read from outside of it",
    "Temp Read Blocks": "read from temporary files",
    "Temp Written Blocks": "written to temporary files",
}


def number(step: Step, key: str) -> float | None:
    """Return a number from zero to MOST; None for anything else: somebody may have made the plan up."""
    value = step.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        return None
    return float(value)


def text(step: Step, key: str) -> str:
    """Return a text; an empty one for anything else."""
    value = step.get(key)
    return value if isinstance(value, str) else ""


def title_of(step: Step) -> str:
    """Return what a step does, and to what, as EXPLAIN has it: "Index Scan using payments_pkey on payments p"."""
    kind = text(step, "Node Type")
    mode, strategy = text(step, "Partial Mode"), text(step, "Strategy")
    join = text(step, "Join Type")
    if join and join != "Inner" and kind in _KINDS:
        kind = f"{kind.removesuffix(' Join')} {join} Join"
    if kind == "Aggregate":
        kind = {"Hashed": "HashAggregate", "Sorted": "GroupAggregate", "Mixed": "MixedAggregate"}.get(strategy, kind)
    if kind == "ModifyTable":
        kind = text(step, "Operation") or kind
    words = [
        f"{mode} " if mode not in ("", "Simple") else "",
        "Parallel " if step.get("Parallel Aware") is True else "",
        kind,
        " Backward" if text(step, "Scan Direction") == "Backward" else "",
        f" using {text(step, 'Index Name')}" if text(step, "Index Name") else "",
        _object(step),
    ]
    return "".join(words)


def _object(step: Step) -> str:
    names = ("Relation Name", "CTE Name", "Function Name")
    name = next((text(step, each) for each in names if text(step, each)), "")
    alias = text(step, "Alias")
    schema = text(step, "Schema")
    if not name:
        return f" on {alias}" if alias else ""
    whole = f"{schema}.{name}" if schema and schema != "public" else name
    return f" on {whole} {alias}" if alias and alias != name else f" on {whole}"


def facts_of(step: Step) -> Iterator[tuple[str, str]]:
    """Yield what else it says: conditions, keys, what filters removed, memory, blocks; zeros are left out."""
    for name in _FACTS:
        value = _said(step, name)
        if value:
            yield name, value
    loops = number(step, "Actual Loops") or 0.0
    blocks = [(number(step, key) or 0.0, where) for key, where in _BLOCKS.items()]
    said = ", ".join(f"{count:,.0f} {where}" for count, where in blocks if count)
    if said:
        yield "Blocks", said
    if loops > 1:
        yield "Loops", f"{loops:,.0f}"


def _said(step: Step, name: str) -> str:
    value = step.get(name)
    if isinstance(value, list):
        return ", ".join(each for each in value if isinstance(each, str))
    if isinstance(value, str):
        return value
    count = number(step, name)
    if not count or (name in _ONE and count == 1):
        return ""
    if name.startswith("Rows Removed"):
        # Of one loop, as EXPLAIN says it.
        loops = number(step, "Actual Loops") or 1.0
        return f"{count * loops:,.0f}"
    return f"{count:,.0f} KiB" if name in _KIB else f"{count:,.0f}"
