from __future__ import annotations

from collections.abc import Callable

from faults import statements
from labctl.model.probe import Probe, at_least

T = at_least(1)
ALL: dict[str, Callable[[], Probe]] = {
    "last_booking": lambda: statements.last_booking(T),
    "indexes_by_merchant": lambda: statements.indexes_by_merchant(T),
    "blocked_by": lambda: statements.blocked_by("jobs", T),
    "largest_merchant": lambda: statements.largest_merchant(T),
}


def test_every_statement_only_reads_and_has_its_tolerance() -> None:
    for make in ALL.values():
        probe = make()
        assert probe.query.startswith("SELECT ")
        assert ";" not in probe.query
        assert "%" not in probe.query, "psycopg would take it for a parameter"
        assert probe.tolerance is T
        assert probe.unit in ("s", "count")


def test_every_statement_is_tested() -> None:
    functions = {
        name for name, thing in vars(statements).items() if getattr(thing, "__module__", "") == "faults.statements"
    }
    assert functions == set(ALL)


def test_names_read_well() -> None:
    names = [make().name for make in ALL.values()]
    assert len(set(names)) == len(names)
