from __future__ import annotations

from labctl.catalogue.rehearsal import Call, rehearse, rehearse_fault
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component
from tests.support.example_fault import breaking, example


def make(lab: Lab, draw: Draw) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", str(draw.number(1, 3)), author="a.n", summary="More")
    lab.load.shift(1.1)


CHANGE = ColleaguesChange("a-change", ChangeKind.CONFIGURATION, Component.RISK, "", make)


def test_what_a_change_would_do_is_written_down() -> None:
    first, second = rehearse(CHANGE, Draw(1, End.HIGH))
    assert first == Call("configuration", "change", ("risk", "DB_POOL_MAX", "3"), {"author": "a.n", "summary": "More"})
    assert (first.author, first.summary) == ("a.n", "More")
    assert (second.mechanism, second.verb, second.given, second.author) == ("load", "shift", (1.1,), "")


def test_a_fault_is_rehearsed_with_a_draw_or_without() -> None:
    assert rehearse_fault(example(inject=make), Draw(1, End.HIGH)) == rehearse(CHANGE, Draw(1, End.HIGH))
    (call,) = rehearse_fault(breaking(), Draw(1))
    assert call.given == ("risk", "DB_POOL_MAX", "1")


def test_a_fault_that_asks_how_much_memory_is_used_gets_a_figure() -> None:
    def inject(lab: Lab) -> None:
        memory = lab.cache.memory()
        lab.cache.configure("MAXMEMORY", str(memory.used - memory.cached), author="a.n", summary="Less")

    calls = rehearse_fault(example(inject=inject), Draw(1))
    assert [each.verb for each in calls] == ["memory", "configure"]
    assert int(calls[1].given[1]) > 0
