from __future__ import annotations

from pathlib import Path

import pytest

from labctl.cli import console
from labctl.images import releases
from labctl.state.change_feed import NewChange
from tests.support.looking import Looking

DETAIL = "--- a/config/risk.env\n+++ b/config/risk.env\n@@ -1,2 +1,2 @@\n # [bold]\n-TTL=3600\n+TTL=5\n"
PATCH = "--- a/services/risk/app.py\n+++ b/services/risk/app.py\n@@ -1 +1 @@\n-ONE = 1\n+ONE = 2\n"


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {
        "services/risk/VERSION": "1.9.2\n",
        "services/risk/app.py": "ONE = 1\n",
        "services/releases/risk/1.10.0.patch": f"Author: a.novak\nDate: 2026-03-04\n\nCount to two\n\n{PATCH}",
        "loadgen/VERSION": "1.0.0\n",
    }
    for path, text in tree.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_text(text)
    monkeypatch.setattr(releases, "bundle_root", lambda: tmp_path / "bundle")


def change(detail: str = DETAIL, **other: str) -> NewChange:
    fields = {
        "component": "risk",
        "old": "TTL=3600",
        "new": "TTL=5",
        "summary": "Shorten it",
        "author": "c.meyer",
        **other,
    }
    return NewChange(kind="release" if "old" in other else "configuration", detail=detail, **fields)


@pytest.fixture
def released(looking: Looking, bundle: None) -> None:
    """Risk 1.10.0 ran in the lab."""
    del bundle
    whole = "--- a/services/risk/VERSION\n+++ b/services/risk/VERSION\n@@ -1 +1 @@\n-1.9.2\n+1.10.0\n" + PATCH
    told = {"author": "a.novak", "summary": "Count to two"}
    looking.lab.store.changes.add(change(whole, old="1.9.2", new="1.10.0", **told))


def test_without_versions_the_last_change_is_a_plain_patch(looking: Looking) -> None:
    looking.lab.store.changes.add(change("--- older\n"))
    looking.lab.store.changes.add(change())

    shown = looking.run("diff", "risk")

    assert shown.out == DETAIL
    assert "risk: configuration TTL=3600 → TTL=5" in shown.err
    assert "Shorten it" in shown.err


@pytest.mark.usefixtures("bundle")
def test_a_release_that_tells_no_diff_gets_the_real_one(looking: Looking) -> None:
    looking.lab.store.changes.add(change("", old="1.9.2", new="1.10.0"))

    assert looking.run("diff", "risk").out.endswith(PATCH)


@pytest.mark.usefixtures("released")
def test_two_versions_are_compared_by_their_sources(looking: Looking) -> None:
    shown = looking.run("diff", "risk", "1.9.2", "1.10.0")

    assert (
        shown.out == "--- a/services/risk/VERSION\n+++ b/services/risk/VERSION\n@@ -1 +1 @@\n-1.9.2\n+1.10.0\n" + PATCH
    )
    assert "Count to two" in shown.err
    assert looking.journal == [{"command": "diff", "service": "risk", "old": "1.9.2", "new": "1.10.0"}]


@pytest.mark.usefixtures("released")
def test_json_carries_the_diff_and_who_made_it(looking: Looking) -> None:
    answer = looking.run("diff", "risk", "1.9.2", "1.10.0", "--json").json

    assert answer.pop("diff").endswith(PATCH)
    assert answer == {
        "schema": "labctl.diff/1",
        "service": "risk",
        "kind": "release",
        "old": "1.9.2",
        "new": "1.10.0",
        "at": None,
        "author": "a.novak",
        "summary": "Count to two",
    }


@pytest.mark.usefixtures("bundle")
def test_a_version_with_itself_has_no_difference(looking: Looking) -> None:
    shown = looking.run("diff", "risk", "1.9.2", "1.9.2")

    assert shown.code == 0
    assert "no source or configuration differs" in shown.err


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["rsik", "1.9.2", "1.10.0"], 1, "did you mean 'risk'?"),
        (["risk", "1.9.2", "1.10.0"], 1, "version of risk"),
        (["rsik"], 1, "did you mean 'risk'?"),
        (["risk"], 1, "risk has not been changed in this lab"),
        (["risk", "1.9.2"], 2, "known versions of risk: 1.9.2"),
        (["\udcff"], 2, "not valid UTF-8"),
    ],
)
def test_what_is_not_there_says_what_is(looking: Looking, words: list[str], code: int, message: str) -> None:
    shown = looking.run("diff", *words)

    assert shown.code == code
    assert message in shown.err


def test_on_a_terminal_the_diff_is_coloured_and_nothing_in_it_controls_it(
    looking: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking.lab.store.changes.add(change(DETAIL.replace("[bold]", "[bold]\x1b[2J")))
    monkeypatch.setattr(console, "coloured", lambda: True)

    shown = looking.run("diff", "risk")

    assert "# [bold]\\x1b[2J" in shown.out
    assert "\x1b[2J" not in shown.out


def test_an_earlier_change_is_the_nth_before_the_last_that_changed_a_file(looking: Looking) -> None:
    looking.lab.store.changes.add(change("--- older\n"))
    looking.lab.store.changes.add(change())
    looking.lab.store.changes.add(NewChange("job", "risk", "Count", "", "count", "a.n"))
    assert looking.run("diff", "risk").out == DETAIL
    assert looking.run("diff", "risk", "--back", "1").out == "--- older\n"
    assert looking.journal[-1]["back"] == 1
    assert "risk was changed 2 times" in looking.run("diff", "risk", "--back", "2").err
