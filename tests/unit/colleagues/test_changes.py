"""Every colleague's change, rehearsed: it does what its kind says, and nothing about it tells it from a fault's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labctl.base.paths import bundle_root
from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import Call, rehearse
from labctl.images import releases
from labctl.model.authors import AUTHORS
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.state.flags import FlagFile
from labctl.state.settings import ConfigurationFiles

CHANGES = colleagues.usable()[0]
CONFIG = bundle_root() / "compose" / "config"
VERBS = {
    ChangeKind.RELEASE: {("releases", "ship")},
    ChangeKind.CONFIGURATION: {("configuration", "change"), ("cache", "configure")},
    ChangeKind.FLAG: {("flags", "switch")},
    ChangeKind.MIGRATION: {("database", "migrate")},
    ChangeKind.JOB: {("jobs", "run")},
    ChangeKind.TRAFFIC: {("load", "shift")},
}
DRAWS = [Draw(1, End.LOW), Draw(1, End.HIGH), *(Draw(seed) for seed in range(20))]
LONGEST = 100

pytestmark = pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.id)


def calls(change: ColleaguesChange) -> list[Call]:
    """Return the change's one call, for each draw."""
    found = [rehearse(change, draw) for draw in DRAWS]
    assert all(len(each) == 1 for each in found)
    return [each[0] for each in found]


def test_it_does_one_thing_of_its_kind(change: ColleaguesChange) -> None:
    assert {(each.mechanism, each.verb) for each in calls(change)} <= VERBS[change.kind]


def test_somebody_of_the_list_makes_it_and_says_why_in_a_line(change: ColleaguesChange) -> None:
    for each in calls(change):
        assert each.author in AUTHORS
        assert "\n" not in each.summary
        assert len(each.summary) <= LONGEST
        assert each.summary or change.kind is ChangeKind.RELEASE


def test_the_feed_names_its_component(change: ColleaguesChange) -> None:
    flags = FlagFile(CONFIG / "none", CONFIG / "flags.json").flags()
    owner: dict[str, Callable[[Call], object]] = {
        "configuration": lambda call: call.given[0],
        "cache": lambda _: "redis",
        "releases": lambda call: call.given[0],
        "flags": lambda call: flags[call.given[0]].owner,
        "database": lambda _: "postgres",
        "jobs": lambda _: "jobs",
        "load": lambda _: "clients",
    }
    assert {owner[each.mechanism](each) for each in calls(change)} == {str(change.component)}


def test_what_it_names_is_there_and_it_changes_something(change: ColleaguesChange) -> None:
    files = ConfigurationFiles(CONFIG, CONFIG)
    flags = FlagFile(CONFIG / "none", CONFIG / "flags.json").flags()
    for each in calls(change):
        if each.mechanism == "configuration":
            service, key, value = each.given
            assert files.setting(service, key) != value
        if each.mechanism == "flags":
            flag, variant = each.given
            assert variant in flags[flag].variants
            assert variant != flags[flag].variant
        if each.mechanism == "releases":
            assert each.given[1] in releases.versions(each.given[0])[1:]


def test_what_goes_by_itself_is_ended_in_time(change: ColleaguesChange) -> None:
    assert (change.lasts is not None) == (change.kind in {ChangeKind.JOB, ChangeKind.TRAFFIC})
    if change.lasts:
        assert 0 < change.lasts.least_s <= change.lasts.most_s <= 900
