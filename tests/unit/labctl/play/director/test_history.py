from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

import pytest

from labctl.lab import release_history
from labctl.lab.lab import Lab
from labctl.model.authors import AUTHORS
from labctl.model.versions import as_numbers
from labctl.operate import injection
from labctl.play.director import history
from labctl.play.director.past import RELEASED
from labctl.state.change_feed import Change, NewChange
from tests.support.fake_lab import make_lab

OTHER = {"gateway": "3.8.1", "payments": "2.14.1", "risk": "1.9.3", "ledger": "1.6.2", "jobs": "1.3.1"}
"""A release of each service."""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    made, _ = make_lab("lab", tmp_path, monkeypatch)
    made.flag_file.prepare()
    return made


@pytest.fixture
def feed(lab: Lab) -> list[Change]:
    history.begin(lab)
    return lab.store.changes.list()


def test_a_lab_begins_with_some_days_behind_it(feed: list[Change]) -> None:
    now = time.time()
    assert 20 <= len(feed) <= 40
    assert len([each for each in feed if each.at > now - 3600]) >= history.LEAST_IN_HOUR
    assert now - history.DAYS * 86400 <= feed[0].at
    assert feed[-1].at <= now - history.NEWEST_S
    assert [each.at for each in feed] == sorted(each.at for each in feed)
    assert {each.author for each in feed} <= set(AUTHORS)


def test_every_setting_and_flag_ends_at_what_runs(lab: Lab, feed: list[Change]) -> None:
    last = {
        (each.component, each.new.split("=")[0]): each.new.split("=")[1]
        for each in feed
        if each.kind in ("configuration", "flag")
    }
    assert last
    for (component, key), value in last.items():
        flags = lab.flag_file.flags()
        runs = flags[key].variant if key in flags else lab.files.setting(component, key)
        assert value == runs


def test_what_was_tried_was_taken_back_later(feed: list[Change]) -> None:
    for key in {each.new.split("=")[0] for each in feed if "=" in each.new}:
        steps = [(each.old, each.new) for each in feed if each.new.startswith(f"{key}=")]
        assert len(steps) == 2
        assert steps[0] == steps[1][::-1]


def test_releases_lead_to_the_version_that_runs_and_migrations_to_the_schema(lab: Lab, feed: list[Change]) -> None:
    for service in RELEASED:
        steps = [each for each in feed if each.kind == "release" and each.component == service]
        assert steps[-1].new == lab.releases.version(service)
        assert all(each.new != each.old for each in steps)
        assert all(later.old == earlier.new for earlier, later in itertools.pairwise(steps))
    assert [each.new for each in feed if each.kind == "migration"] == ["schema 29", "schema 30"]


@pytest.mark.parametrize("seed", range(6))
def test_releases_that_were_tried_and_rolled_back_can_be_read(lab: Lab, seed: int) -> None:
    lab.store.save(replace(lab.record, seed=seed))
    history.begin(lab)
    releases = [each for each in lab.store.changes.list() if each.kind == "release"]
    tried = [each for each in releases if as_numbers(each.new) > as_numbers(lab.releases.version(each.component))]
    assert tried
    for each in tried:
        back = next(
            other for other in releases if (other.old, other.new) == (each.new, each.old) and other.at > each.at
        )
        source = release_history.between(lab, each.component, each.old, each.new).diff
        assert source == each.detail != back.detail
        assert source.count("\n@@") >= 2, "the version, and what it is made for"


def test_a_version_that_was_rolled_back_is_not_given_again(lab: Lab, feed: list[Change]) -> None:
    tried = next(each for each in feed if each.kind == "release" and "Rebuild" not in each.summary)
    shipped = lab.releases.ship(tried.component, OTHER[tried.component])
    assert shipped
    told = [each.new for each in feed if each.kind == "release" and each.component == tried.component]
    assert as_numbers(shipped.new) > max(map(as_numbers, told))


def test_what_runs_upon_a_release_was_not_tried_beside_it(lab: Lab) -> None:
    for service in RELEASED:
        lab.releases.ship(service, OTHER[service])
    lab.store.changes.remove_after(0)
    history.refresh(lab, "a")
    assert not [each for each in lab.store.changes.list() if each.kind == "release"]


def test_every_change_of_a_file_has_its_diff(feed: list[Change]) -> None:
    for each in feed:
        if each.kind in ("configuration", "flag", "release", "migration"):
            assert each.detail.startswith("--- ")
            assert each.detail.count("\n@@") >= 1


def test_the_lab_s_seed_draws_it(lab: Lab, feed: list[Change]) -> None:
    first = [(each.kind, each.summary, each.author) for each in feed]
    lab.store.changes.remove_after(0)
    history.begin(lab)
    assert sorted(first) == sorted((each.kind, each.summary, each.author) for each in lab.store.changes.list())


def test_it_is_written_once(lab: Lab, feed: list[Change]) -> None:
    history.begin(lab)
    assert lab.store.changes.list() == feed


def test_it_stays_when_the_lab_is_healed(lab: Lab, feed: list[Change]) -> None:
    lab.configuration.change("risk", "DB_POOL_MAX", "9", author="a.n", summary="More")
    injection.heal(lab)
    assert lab.store.changes.list() == feed


def test_an_hour_in_which_nobody_worked_is_filled(lab: Lab) -> None:
    history.refresh(lab, "a seed")
    recent = lab.store.changes.list(since=time.time() - 3600)
    assert len(recent) >= history.LEAST_IN_HOUR
    history.refresh(lab, "a seed")
    assert lab.store.changes.list(since=time.time() - 3600) == recent


def test_what_the_feed_tells_of_was_nothing_else_meanwhile(lab: Lab, feed: list[Change]) -> None:
    lab.store.changes.leave_behind(each.id for each in feed if each.kind == "job")
    for seed in range(5):
        lab.store.changes.leave_behind(each.id for each in lab.store.changes.list() if each.kind == "job")
        history.refresh(lab, str(seed))
    for key in {each.new.split("=")[0] for each in feed if "=" in each.new}:
        steps = [(each.old, each.new) for each in lab.store.changes.list() if each.new.startswith(f"{key}=")]
        assert all(before[1] == after[0] for before, after in itertools.pairwise(steps))


def recent_releases(lab: Lab) -> list[Change]:
    return [each for each in lab.store.changes.list(since=time.time() - 3600) if each.kind == "release"]


@pytest.mark.parametrize("seed", range(3))
def test_the_last_hour_holds_releases_that_were_rolled_back(lab: Lab, seed: int) -> None:
    lab.store.save(replace(lab.record, seed=seed))
    history.begin(lab)
    assert [each.new for each in recent_releases(lab)] == [
        lab.releases.version(each.component) for each in recent_releases(lab)
    ]
    assert len({each.component for each in recent_releases(lab)}) == history.RELEASES_IN_HOUR


@pytest.mark.parametrize("jobs", [0, history.LEAST_IN_HOUR])
def test_healing_leaves_an_hour_with_releases_that_follow_those_told_before(lab: Lab, jobs: int) -> None:
    history.begin(lab, time.time() - 3 * 3600)
    for _ in range(jobs):
        lab.store.changes.add(NewChange("job", "postgres", "Look", "", "look", "a.n"))
    history.refresh(lab, "a seed")
    assert len({each.component for each in recent_releases(lab)}) == history.RELEASES_IN_HOUR
    for service in RELEASED:
        steps = [each for each in lab.store.changes.list(component=service) if each.kind == "release"]
        assert all(later.old == earlier.new for earlier, later in itertools.pairwise(steps))
        given = [each.new for each in steps if as_numbers(each.new) > as_numbers(each.old)]
        assert len(set(given)) == len(given)
        for each in steps:
            assert release_history.between(lab, service, each.old, each.new).diff == each.detail
    before = lab.store.changes.list()
    history.refresh(lab, "another seed")
    assert lab.store.changes.list() == before
