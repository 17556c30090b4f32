from __future__ import annotations

from labctl.catalogue.rehearsal import Call, rehearse
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.model.lab import Lab
from labctl.model.vocabulary import Component


def make(lab: Lab, draw: Draw) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", str(draw.number(1, 3)), author="a.n", summary="More")
    lab.load.shift(1.1)


CHANGE = ColleaguesChange("a-change", ChangeKind.CONFIGURATION, Component.RISK, "", make)


def test_what_a_change_would_do_is_written_down() -> None:
    first, second = rehearse(CHANGE, Draw(1, End.HIGH))
    assert first == Call("configuration", "change", ("risk", "DB_POOL_MAX", "3"), {"author": "a.n", "summary": "More"})
    assert (first.author, first.summary) == ("a.n", "More")
    assert (second.mechanism, second.verb, second.given, second.author) == ("load", "shift", (1.1,), "")
