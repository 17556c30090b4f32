from collections.abc import Mapping

import pytest

from bench.shortcuts.plan import Planned
from bench.shortcuts.played import Played, Told
from bench.shortcuts.players import players
from bench.shortcuts.record import by_fog, document, findings
from tests.support.example_fault import EXAMPLE

KNOWN = players([EXAMPLE])
SECONDS = {"wait": 10.0, "look": 4.0, "answer": 1.0, "heal": 20.0}


def played(seed: int, right: Mapping[str, bool], fog: str = "hazy") -> Played:
    told = {name: Told("risk / code-release", right.get(name, name == "methodical")) for name in KNOWN}
    return Played(Planned(fog, "example-fault", seed, seed), "CheckoutsSlow", told, SECONDS)


def run(player: str, right: int, of: int, fog: str = "hazy") -> list[Played]:
    return [played(seed, {player: seed < right}, fog) for seed in range(of)]


NEVER = Played(Planned("hazy", "example-fault", 9, 9), seconds={"page": 30.0}, why="no page came within 30 s")


def test_every_player_is_counted_under_every_fog() -> None:
    both = [*run("newest-change", 1, 4), *run("newest-change", 2, 2, "clear")]
    assert by_fog("newest-change", both) == {
        "hazy": {"incidents": 4, "right": 1},
        "clear": {"incidents": 2, "right": 2},
    }


def test_the_record_has_the_issues_form_and_tells_machine_and_time() -> None:
    told = document([*run("baro", 1, 2), NEVER], KNOWN, {"cores": 2}, 20.0)
    assert told["players"]["baro"] == {"hazy": {"incidents": 2, "right": 1}}
    assert told["players"]["methodical"] == {"hazy": {"incidents": 2, "right": 2}}
    assert told["machine"] == {"cores": 2}
    assert told["unpaged"] == ["hazy-9"]
    assert told["seconds_beyond_page"] == {"hazy": 15.0}
    assert len(told["incidents"]) == 3
    assert told["incidents"][0]["told"]["baro"] == {"answer": "risk / code-release", "right": True}


def test_what_was_measured_earlier_under_other_levels_of_fog_stays() -> None:
    before = document([*run("baro", 2, 2, "clear"), *run("baro", 0, 3)], KNOWN, {"cores": 2}, 20.0)
    before = {**before, "measured_at": "2020-01-01", "measured": {"clear": "2019-12-31", "hazy": "2020-01-01"}}
    both = document(run("baro", 1, 2), KNOWN, {"cores": 4}, 20.0, before)
    assert both["players"]["baro"] == {
        "clear": {"incidents": 2, "right": 2},
        "hazy": {"incidents": 2, "right": 1},
    }
    assert both["measured"] == {"clear": "2019-12-31", "hazy": both["measured_at"]}
    assert len(both["incidents"]) == 4


@pytest.mark.parametrize(
    ("player", "right", "flaws"),
    [
        ("newest-change", 1, 0),
        ("newest-change", 2, 1),
        ("commonest-answer", 2, 1),
        ("baro", 2, 0),
        ("baro", 3, 1),
        ("methodical", 4, 0),
        ("methodical", 3, 1),
    ],
)
def test_limits(player: str, right: int, flaws: int) -> None:
    found = list(findings(run(player, right, 4), KNOWN))
    assert len(found) == flaws
    assert all(player in each for each in found)


def test_rules_may_be_right_where_it_is_clear_but_the_methodical_player_has_to_be_right_everywhere() -> None:
    assert not list(findings(run("newest-change", 4, 4, "clear"), KNOWN))
    assert list(findings(run("methodical", 3, 4, "clear"), KNOWN))


def test_an_incident_that_never_paged_is_a_finding() -> None:
    (found,) = findings([*run("baro", 0, 1), NEVER], KNOWN)
    assert "never paged: no page came within 30 s" in found
