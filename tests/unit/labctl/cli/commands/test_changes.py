from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.base.times import local_time
from labctl.state.change_feed import NewChange
from tests.support.looking import Looking

TTL = NewChange(
    "configuration", "risk", "Shorten [the] \x1b lifetime", "TTL=3600", "TTL=5", "c.meyer", "--- a\n+++ b\n"
)


def test_a_change_reads_as_in_a_feed(looking: Looking) -> None:
    change = looking.lab.store.changes.add(TTL)

    row = looking.run("changes").out.splitlines()[1]

    assert row.startswith(f"{local_time(change.at)}  ")
    assert "configuration  risk       Shorten [the] \\x1b lifetime  TTL=3600 → TTL=5  c.meyer" in row


def test_a_long_message_has_its_first_line_in_the_list_and_all_of_it_in_json(looking: Looking) -> None:
    looking.lab.store.changes.add(replace(TTL, summary="Shorten it\n\nFor reasons."))

    assert "Shorten it  TTL=3600" in looking.run("changes").out
    assert looking.run("changes", "--json").json["changes"][0]["summary"] == "Shorten it\n\nFor reasons."


def test_json_leaves_the_diff_to_diff(looking: Looking) -> None:
    looking.lab.store.changes.add(TTL)

    (change,) = looking.run("changes", "--json").json["changes"]

    assert change["at"].endswith("Z")
    assert {key: change[key] for key in change if key != "at"} == {
        "id": 1,
        "kind": "configuration",
        "component": "risk",
        "summary": TTL.summary,
        "old": "TTL=3600",
        "new": "TTL=5",
        "author": "c.meyer",
    }


def test_what_was_taken_out_of_the_feed_leaves_no_gap(looking: Looking) -> None:
    for summary in ("first", "second", "third"):
        looking.lab.store.changes.add(replace(TTL, summary=summary))
    with looking.lab.store.database.writing() as connection:
        connection.execute("DELETE FROM changes WHERE summary = 'second'")

    shown = looking.run("changes", "--json").json["changes"]
    assert [(each["id"], each["summary"]) for each in shown] == [(1, "first"), (2, "third")]


def test_since_leaves_older_ones_out(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1000.0)
    looking.lab.store.changes.add(TTL)
    monkeypatch.setattr("time.time", lambda: 1100.0)

    assert len(looking.run("changes", "--since", "99s", "--json").json["changes"]) == 0
    assert len(looking.run("changes", "--since", "101s", "--json").json["changes"]) == 1


def test_a_lab_without_changes_says_so_and_remembers_the_look(looking: Looking) -> None:
    shown = looking.run("changes")

    assert "nothing was changed" in shown.err
    assert looking.journal == [{"command": "changes", "since": ""}]


def test_a_bad_duration_is_a_usage_error(looking: Looking) -> None:
    assert looking.run("changes", "--since", "0m").code == 2


def test_at_60_columns_each_change_has_lines_of_its_own(looking: Looking, monkeypatch: pytest.MonkeyPatch) -> None:
    change = looking.lab.store.changes.add(replace(TTL, summary="Shorten the lifetime of features"))
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("time.time", lambda: change.at)  # however long the test takes
    lines = [line.rstrip() for line in looking.run("changes").out.splitlines()]
    assert lines == [
        f"{local_time(change.at)} (0 s ago)  risk: configuration",
        "  Shorten the lifetime of features",
        "  TTL=3600 → TTL=5",
        "  by c.meyer",
    ]
