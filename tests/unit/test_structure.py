"""The audit of a lab's shape lets through what the feed explains, and nothing else."""

from __future__ import annotations

import pytest

from labctl.model.services import SERVICES
from labctl.state.change_feed import Change, ChangeKind
from tests.support.structure import Picture, unexplained

BEFORE: Picture = {
    "container risk: name": "/labctl-lab_risk_1",
    "container risk: created": "10:00",
    "container risk: started": "10:00",
    "container risk: restarts": "0",
    "container risk: image": "labctl/risk:1.9.2",
    "container acquirer: started": "10:00",
    "container acquirer: restarts": "0",
    "file config/risk.env": "200 bytes, 100600, 5",
    "file flags/flags.json": "900 bytes, 100644, 5",
    "file clients/plan": "356 bytes, 100644, 5",
    "settings of risk": "DB_POOL_MAX",
    "image tags of risk": "1.9.2",
    "volumes": "labctl-lab_redis-data",
    "gaps in the feed": "0",
}
RISK_AGAIN = {
    "container risk: name": "/labctl-lab_risk_2",
    "container risk: created": "10:05",
    "container risk: started": "10:05",
}


def entry(kind: ChangeKind, component: str = "risk") -> Change:
    return Change(1, 5.0, kind, component, "Score better", "a", "b", "c.meyer")


@pytest.mark.parametrize(
    ("different", "feed"),
    [
        ({}, ()),
        (RISK_AGAIN, (entry("configuration"),)),
        ({**RISK_AGAIN, "file config/risk.env": "201 bytes, 100600, 9"}, (entry("configuration"),)),
        ({"settings of risk": "DB_POOL_MAX DB_POOL_MIN"}, (entry("configuration"),)),
        ({**RISK_AGAIN, "container risk: image": "labctl/risk:1.10.0"}, (entry("release"),)),
        ({"image tags of risk": "1.10.0 1.9.2"}, (entry("release"),)),
        ({"file flags/flags.json": "901 bytes, 100644, 9"}, (entry("flag", "payments"),)),
        ({"container risk: started": "10:05", "container risk: restarts": "1"}, ()),
        ({"file fog/fog.json": "833 bytes, 100644, 9", "folder fog": "755, 9"}, ()),
    ],
)
def test_what_the_feed_or_the_kernel_explains(different: Picture, feed: tuple[Change, ...]) -> None:
    assert unexplained(BEFORE, {**BEFORE, **different}, feed) == []


@pytest.mark.parametrize(
    ("different", "feed"),
    [
        (RISK_AGAIN, ()),
        (RISK_AGAIN, (entry("configuration", "payments"),)),
        (RISK_AGAIN, (entry("flag"),)),
        ({"container risk: image": "labctl/risk:1.10.0"}, (entry("configuration"),)),
        ({"container acquirer: started": "10:05"}, (entry("release"),)),
        ({"file config/risk.env": "201 bytes, 100600, 9"}, (entry("release"),)),
        ({"file clients/plan": "356 bytes, 100644, 9"}, (entry("release"), entry("configuration"), entry("flag"))),
        ({"file clients/plan": "420 bytes, 100644, 5"}, ()),
        ({"file stray.txt": "1 bytes, 100644, 5"}, (entry("release"),)),
        ({"volumes": "labctl-lab_redis-data other"}, (entry("release"),)),
        ({"image tags of risk": "1.9.2 9.9.9"}, ()),
        ({"gaps in the feed": "1"}, (entry("release"),)),
        ({"container risk: started": "10:05"}, ()),
    ],
)
def test_what_nothing_explains(different: Picture, feed: tuple[Change, ...]) -> None:
    found = unexplained(BEFORE, {**BEFORE, **different}, feed)
    assert [each.partition(" was ")[0] for each in found] == sorted(different)


def test_what_is_gone_is_found() -> None:
    after = {place: value for place, value in BEFORE.items() if place != "file clients/plan"}
    assert unexplained(BEFORE, after, ()) == ["file clients/plan was 356 bytes, 100644, 5 and is None"]


def test_no_rule_is_for_what_is_not_ours() -> None:
    theirs = [each.name for each in SERVICES.values() if not each.ours]
    assert theirs == ["acquirer"]
    assert unexplained(BEFORE, {**BEFORE, "container acquirer: started": "10:05"}, (entry("configuration"),))
