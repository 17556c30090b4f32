import json

import pytest

from labctl.base.errors import InputError
from labctl.cli.commands.runbook import runbook
from labctl.play import incidents
from labctl.state.journal import LOOK_UP
from tests.support.world import World

Said = pytest.CaptureFixture[str]


def test_the_pages_own_one_and_the_journal_has_that_it_was_read(world: World, capsys: Said) -> None:
    incidents.start(world.lab, world.fault())
    runbook()
    assert capsys.readouterr().out.startswith("# CheckoutErrorRatioHigh")
    (entry,) = world.lab.store.journal.entries(kind=LOOK_UP)
    assert entry.payload == {"command": "runbook", "alert": "CheckoutErrorRatioHigh"}


def test_no_query_is_broken_at_the_terminals_edge(world: World, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    runbook("CheckoutLatencyHigh")
    assert max(map(len, capsys.readouterr().out.splitlines())) > 150


def test_any_without_a_lab(state_dir: object, capsys: Said) -> None:
    runbook("ledger", name="nowhere", as_json=True)
    assert json.loads(capsys.readouterr().out)["alert"] == "LedgerRestarted"


def test_none_named_and_nothing_paged(world: World) -> None:
    with pytest.raises(InputError, match="nothing has paged"):
        runbook()
