"""What there is of colleagues' changes: enough for every service, and within what its settings bear."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from labctl.base.paths import bundle_root
from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import rehearse
from labctl.model.colleague import ROLLS_OUT, ChangeKind, ColleaguesChange
from labctl.model.draw import Draw, End
from labctl.state.settings import ConfigurationFiles

CHANGES = colleagues.usable()[0]
CONFIG = bundle_root() / "compose" / "config"
FILES = ConfigurationFiles(CONFIG, CONFIG)
SERVICES = ("gateway", "payments", "risk", "ledger", "jobs")
SETTINGS = [each for each in CHANGES if each.kind is ChangeKind.CONFIGURATION and each.component != "redis"]
TELLING = {"harmless", "decoy", "decoys", "colleague", "colleagues", "fault", "faults", "incident", "verified"}
DRAWS = [Draw(1, End.LOW), Draw(1, End.HIGH), *(Draw(seed) for seed in range(20))]


def values(change: ColleaguesChange) -> tuple[str, str, set[str]]:
    """Return a setting's service and key, and all values that were drawn."""
    given = [rehearse(change, draw)[0].given for draw in DRAWS]
    ((service, key),) = {each[:2] for each in given}
    return service, key, {each[2] for each in given}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_releases_and_settings(service: str) -> None:
    kinds = Counter(each.kind for each in CHANGES if each.component == service)
    assert kinds[ChangeKind.RELEASE] >= 3
    assert kinds[ChangeKind.CONFIGURATION] >= 4


@pytest.mark.parametrize(
    ("kind", "least"),
    [(ChangeKind.MIGRATION, 5), (ChangeKind.FLAG, 5), (ChangeKind.TRAFFIC, 4), (ChangeKind.JOB, 4)],
)
def test_there_are_enough_of_the_other_kinds(kind: ChangeKind, least: int) -> None:
    assert sum(each.kind is kind for each in CHANGES) >= least


def test_no_two_settings_or_flags_are_the_same_one() -> None:
    kinds = {ChangeKind.CONFIGURATION, ChangeKind.FLAG, ChangeKind.RELEASE}
    given = [rehearse(each, Draw(1))[0].given[:2] for each in CHANGES if each.kind in kinds]
    assert len(given) == len(set(given))


@pytest.mark.parametrize("change", SETTINGS, ids=lambda each: each.id)
def test_a_setting_stays_near_what_it_was_where_a_request_meets_it(change: ColleaguesChange) -> None:
    service, key, drawn = values(change)
    assert len(drawn) > 1
    # What works behind the requests may be set to something quite else: a large change is no answer by itself.
    least, most = (0.2, 6) if service in ("jobs", "ledger") else (0.6, 2)
    for value in drawn:
        assert least <= float(value) / float(FILES.setting(service, key)) <= most


def test_some_settings_change_as_much_as_those_that_break_something() -> None:
    ratios = [
        float(value) / float(FILES.setting(service, key))
        for service, key, drawn in map(values, SETTINGS)
        for value in drawn
    ]
    assert sum(not 1 / 3 <= each <= 3 for each in ratios) >= 5


def test_settings_that_depend_on_each_other_still_do_at_their_ends() -> None:
    found = {(service, key): sorted(map(float, drawn)) for service, key, drawn in map(values, SETTINGS)}

    def low(service: str, key: str) -> float:
        return min(found.get((service, key), [float("inf")])[0], float(FILES.setting(service, key)))

    def high(service: str, key: str) -> float:
        return max(found.get((service, key), [0.0])[-1], float(FILES.setting(service, key)))

    assert high("gateway", "MAX_IN_FLIGHT") < low("gateway", "THREADS")
    # All attempts at risk, and the longest pauses between them, fit into the gateway's deadline with a charge after it.
    pauses = [min(1000, high("payments", "RISK_BACKOFF_MS") * 2**made) for made in range(4)]
    usual_charge = 200
    attempts = float(FILES.setting("payments", "RISK_ATTEMPTS")) * 10
    assert attempts + sum(pauses) + usual_charge < low("gateway", "CHECKOUT_DEADLINE_MS")
    # An assessment that asks the issuer takes some 60 ms.
    assert low("payments", "RISK_TIMEOUT_MS") > 3 * 60
    assert low("risk", "SIGNALS_TIMEOUT_MS") > 3 * 40


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.id)
def test_no_text_that_a_learner_sees_tells_on_it(change: ColleaguesChange) -> None:
    for draw in DRAWS:
        (call,) = rehearse(change, draw)
        shown = " ".join(str(each) for each in (*call.given, *call.named.values())).lower()
        assert not TELLING & set(re.findall("[a-z]+", shown))


def test_what_is_said_to_show_is_no_roll_out_which_shows_anyway() -> None:
    shown = [each for each in CHANGES if each.shows]
    assert len(shown) >= 4
    assert not [each.id for each in shown if each.kind in ROLLS_OUT]
    assert all(each.seen_at for each in CHANGES if each.kind in ROLLS_OUT or each in shown)
