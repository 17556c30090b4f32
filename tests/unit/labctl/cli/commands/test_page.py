import json
import re
from dataclasses import replace

import pytest

from labctl.base.errors import LabStateError
from labctl.cli.commands.page import page
from labctl.model.samples import Alert
from labctl.model.vocabulary import Trigger
from labctl.play import incidents, stored
from tests.support.example_fault import CAUSE
from tests.support.example_incident import SOLVED, attempt, solved
from tests.support.world import World


def test_the_page_and_the_clock(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    incidents.start(world.lab, world.fault())
    world.clock.sleep(90)
    page()
    said = capsys.readouterr().out
    assert "Checkouts fail" in said
    assert "1m 30s, 5 wrong submissions left" in said


def test_one_wrong_submission_is_no_plural(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = attempt(SOLVED, replace(CAUSE, trigger=Trigger.BAD_DATA))
    stored.save(world.lab, solved(*[wrong] * 4))
    page()
    assert "1 wrong submission left" in capsys.readouterr().out


def test_json(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    incidents.start(world.lab, world.fault())
    world.clock.sleep(90)
    page(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["clock_s"] == pytest.approx(90, abs=1)
    assert document["status"] == "open"


def test_after_the_end_the_clock_stands(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    stored.save(world.lab, solved())
    page()
    assert "2m 00s, 5 wrong submissions left (solved)" in capsys.readouterr().out


def test_no_page_yet(world: World) -> None:
    with pytest.raises(LabStateError, match="there was no page"):
        page()


def test_it_reads_as_on_call(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    paged, labels = world.alerts, {"alertname": "BalancesLate", "severity": "page", "service": "ledger"}
    told = {"summary": "Balances are late", "description": "Merchants wait"}
    world.metrics.firing = lambda: [Alert("BalancesLate", "firing", labels, told, each.active_at) for each in paged()]
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(60)
    page()
    said = capsys.readouterr().out
    for name, value in {
        "PAGE": "Balances are late",
        "service": "ledger",
        "users see": "Merchants wait",
        "severity": "page",
        "runbook": "labctl runbook BalancesLate",
        "time left": "14m 00s of 15m 00s",
        "update": "due at ",
    }.items():
        assert re.search(rf"^{name} +{value}", said, re.MULTILINE), name


def test_beyond_the_limit_it_is_over(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(2000)
    page()
    said = capsys.readouterr().out
    assert "15m 00s, 5 wrong submissions left (timed-out)" in said
    assert "time left" not in said


def test_following_shows_what_fires_until_the_incident_is_over(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    incidents.start(world.lab, world.fault(), limit_s=900)
    world.clock.sleep(895)
    page(follow=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith("FIRING   CheckoutErrorRatioHigh (): Checkouts fail")
