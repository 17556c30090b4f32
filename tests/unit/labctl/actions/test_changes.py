from __future__ import annotations

from pathlib import Path

import pytest

from labctl.actions.answer import moment
from labctl.actions.changes import difference
from labctl.base.errors import NotFoundError
from labctl.state.change_feed import NewChange
from labctl.state.journal import LOOK_UP
from tests.support.fake_lab import make_lab


def test_the_difference_of_one_change_whatever_came_into_the_feed_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    change = NewChange("configuration", "risk", "Shorten it", "TTL=9", "TTL=5", "x", "--- a\n")
    made = lab.store.changes.add(change, 1000.5)
    lab.store.changes.add(NewChange("configuration", "risk", "Told later", "", "", "x"), 900.0)
    found = difference("lab", "risk", moment(made.at))
    assert (found.summary, found.diff, found.at) == ("Shorten it", "--- a\n", moment(1000.5))
    (looked,) = lab.store.journal.entries(kind=LOOK_UP)
    assert looked.payload == {"command": "diff", "service": "risk", "old": "TTL=9", "new": "TTL=5"}


def test_a_change_that_is_not_in_the_feed_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab, _ = make_lab("lab", tmp_path, monkeypatch)
    lab.store.changes.add(NewChange("flag", "risk", "x", "", "", "x"), 1000.0)
    for component, at in (("risk", 1001.0), ("payments", 1000.0)):
        with pytest.raises(NotFoundError):
            difference("lab", component, moment(at))
    assert lab.store.journal.entries(kind=LOOK_UP) == []
