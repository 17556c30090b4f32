from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labctl.play import postmortem_check, postmortem_kept
from labctl.play.postmortem import WRITTEN, ActionItem, Postmortem
from labctl.state.database import Database

ONE = Postmortem("Title", "About", dict.fromkeys(WRITTEN, "text"), (ActionItem("Do it", "me", "2031-05-30"),))
OTHER = Postmortem("Other", "", dict.fromkeys(WRITTEN, ""), ())
CELLS = st.text("ab|\\*`\n -", max_size=12)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = Database(tmp_path / "state.db")
    found.prepare()
    return found


def test_nothing_is_written_over_a_version_that_nobody_has_seen(database: Database) -> None:
    assert postmortem_kept.load(database, "INC-0001") is None
    first = postmortem_kept.save(database, "INC-0001", 0, ONE)
    assert first is not None
    assert postmortem_kept.save(database, "INC-0001", 0, OTHER) is None
    assert postmortem_kept.save(database, "INC-0001", 0, ONE) == first
    second = postmortem_kept.save(database, "INC-0001", first.version, OTHER)
    assert second is not None
    assert (second.version, postmortem_kept.load(database, "INC-0001")) == (2, second)
    assert postmortem_kept.load(database, "INC-0002") is None
    postmortem_kept.forget(database, "INC-0001")
    assert postmortem_kept.load(database, "INC-0001") is None


def test_a_whole_one_is_complete_for_the_check() -> None:
    assert postmortem_check.check(ONE.text).problems == ()
    assert postmortem_check.check(OTHER.text).problems


@given(st.lists(st.builds(ActionItem, CELLS, CELLS, CELLS), min_size=1, max_size=4))
@example([ActionItem("", "", "-")])
@example([ActionItem("a", "", ""), ActionItem("-", "-", "-")])
def test_whatever_is_in_a_row_it_stays_one_row(items: list[ActionItem]) -> None:
    text = Postmortem("T", "", dict.fromkeys(WRITTEN, "text"), tuple(items)).text
    assert len(text.rstrip("\n").split("## Action items\n\n")[1].split("\n")) == len(items) + 2
    assert postmortem_check.check(text).action_items == len(items)
