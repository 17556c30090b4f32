"""A lab's database on its way to the archive, by a process that is killed at each step."""

from __future__ import annotations

import shutil
from pathlib import Path

from labctl.base import paths
from labctl.lab.lab import Lab
from labctl.operate import archive
from labctl.state.database import Database
from labctl.state.documents import Documents
from tests.support.killed import steps_of

LEAST_STEPS = 12


def keep(name: str) -> None:
    archive.keep(Lab(name))


def keep_damaged(name: str) -> None:
    """Archive a lab whose database cannot be read."""
    lab = Lab(name)
    lab.store.database.path.with_name("state.db-wal").write_bytes(b"what was written last")
    lab.store.database.path.write_bytes(b"not SQLite at all" * 100)
    archive.keep(lab)


def begin_anew() -> None:
    """Make a lab with a result, and an empty archive."""
    for each in paths.archive_dir().iterdir():
        each.unlink()
    shutil.rmtree(Lab("lab").folder, ignore_errors=True)
    store = Lab("lab").store
    store.folder.mkdir()
    store.prepare()
    store.documents.put("incident", "1", {"status": "solved"})


def results(database: Path) -> object:
    return Documents(Database(database)).get("incident", "1")


def archived() -> list[Path]:
    return sorted(paths.archive_dir().glob("lab-????????-??????.db"))


def test_the_next_down_finds_the_results_and_leaves_no_stray_file() -> None:
    last = 0
    for last in steps_of(keep, "lab", begin_anew):
        lab = Lab("lab")
        assert all(results(each) == {"status": "solved"} for each in archived()), last
        if lab.store.exists:
            assert results(lab.store.database.path) == {"status": "solved"}, last
        archive.keep(lab)
        assert not lab.store.exists, last
        assert results(archived()[-1]) == {"status": "solved"}, last
        assert {each.suffix for each in paths.archive_dir().iterdir()} == {".db"}, last
    assert last >= LEAST_STEPS


def test_the_next_up_opens_the_state() -> None:
    for step in steps_of(keep, "lab", begin_anew):
        store = Lab("lab").store
        kept = store.exists
        store.prepare()
        found = store.documents.get("incident", "1")
        assert found == ({"status": "solved"} if kept else None), step


def test_a_database_that_cannot_be_read_goes_to_the_archive_whole_or_stays() -> None:
    last = 0
    for last in steps_of(keep_damaged, "lab", begin_anew):
        lab = Lab("lab")
        if lab.store.exists:
            archive.keep(lab)
        newest = archived()[-1]
        assert newest.stat().st_size > 0, last
        assert all(each.with_suffix(".db").exists() for each in paths.archive_dir().iterdir()), last
        assert not list(lab.folder.glob("state.db")), last
    assert last >= LEAST_STEPS


def test_another_labs_copy_that_is_being_made_is_left_alone() -> None:
    begin_anew()
    others = paths.archive_dir() / "lab-2-20260101-000000.making"
    others.touch()
    archive.keep(Lab("lab"))
    assert others.exists()
