"""Players on look-ups that were made in a real lab, in hazy fog."""

from pathlib import Path

import pytest

from bench.shortcuts import rules
from bench.shortcuts.baro import baro
from bench.shortcuts.snapshot import Snapshot
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES

CORPUS = Path(__file__).parents[3] / "corpus" / "shortcuts"
RELEASE, EVENT = (Snapshot.read(CORPUS / f"{name}.json.gz") for name in ("release", "event"))
"""A release of payments made its history slow; an event made the ledger wait."""


def test_the_release_is_the_newest_change_and_the_largest() -> None:
    assert str(rules.newest_change(RELEASE)) == "payments / code-release"
    assert str(rules.largest_diff(RELEASE)) == "payments / code-release"
    assert str(rules.newest_change_there(RELEASE)) == "gateway / infrastructure-failure"


def test_where_no_change_was_the_cause_the_newest_one_is_a_colleagues() -> None:
    assert str(rules.newest_change(EVENT)) == "ledger / feature-flag"


@pytest.mark.parametrize("seen", [RELEASE, EVENT], ids=["release", "event"])
def test_every_dashboard_has_its_loudest_component(seen: Snapshot) -> None:
    assert all(rules.loudest(seen, dashboard) for dashboard in (OVERVIEW, RESOURCES))


def test_baro_ranks_what_was_exported() -> None:
    pytest.importorskip("baro", reason="BARO is not installed: pip install -r requirements/bench.lock")
    assert str(baro(RELEASE)) == "gateway"
    assert str(baro(EVENT)) == "payments"
