from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labctl.state.database import Database
from labctl.state.script import Made, Script, ScriptFile, UnderWay

MADE = Made(3, "a-change", "flag", "risk", 1.0, 2.0, None, (4, 5), (6,))


def test_it_comes_back_as_it_was_written_and_can_not_be_read_at_a_glance(tmp_path: Path) -> None:
    database = Database(tmp_path / "state.db")
    database.prepare()
    file = ScriptFile(database)
    assert file.read() is None
    script = Script(7, next=4, due=9.0, under_way=UnderWay("other", 3.0, 1, 2, back=3), made=(MADE,))
    file.write(script)
    assert file.read() == script
    assert b"a-change" not in (tmp_path / "state.db").read_bytes()


def test_steps_are_taken_out_by_their_number() -> None:
    script = Script(7, made=(MADE, replace(MADE, number=4)))
    assert [each.number for each in script.without(3, 9).made] == [4]
