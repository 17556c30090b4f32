import json

import pytest

from labctl.base.errors import InputError, LabStateError, NotFoundError
from labctl.cli.commands.lookups import lookups
from labctl.cli.commands.submit import submit
from labctl.play import incidents, looked
from labctl.state.journal import LOOK_UP
from tests.support.world import World

Said = pytest.CaptureFixture[str]
RIGHT = {
    "component": "risk",
    "trigger": "configuration-change",
    "mechanism": "connection-pool-too-small",
    "impact": ["some-checkouts-fail"],
}


@pytest.fixture(autouse=True)
def an_incident(world: World) -> None:
    world.lab.store.journal.looked_up("metrics", query="before_the_page")
    incidents.start(world.lab, world.fault())


def look(world: World) -> None:
    journal = world.lab.store.journal
    journal.looked_up("changes", since="1h")
    journal.looked_up("metrics", query="queue", range="5m")
    journal.looked_up("logs", query="{}", since="2m", evidence="log:{risk} time.*out")
    journal.looked_up("trace", id="a" * 32)


def test_they_are_numbered_from_the_page_on(world: World, capsys: Said) -> None:
    lookups()
    assert "nothing was looked at" in capsys.readouterr().err
    look(world)
    lookups()
    rows = [line.split()[:1] + line.split()[2:3] for line in capsys.readouterr().out.splitlines()[1:]]
    assert rows == [["#1", "changes"], ["#2", "metrics"], ["#3", "logs"], ["#4", "trace"]]


def test_json_says_what_each_is_as_evidence(world: World, capsys: Said) -> None:
    look(world)
    lookups(as_json=True)
    found = json.loads(capsys.readouterr().out)["lookups"]
    evidence = [each["evidence"] for each in found]
    assert evidence == [None, "promql:queue", "log:{risk} time.*out", f"trace:{'a' * 32}"]


@pytest.mark.parametrize("typed", ["#2", "2", " #2 "])
def test_a_number_is_evidence(typed: str, world: World, capsys: Said) -> None:
    look(world)
    submit(**RIGHT, evidence=[typed])  # type: ignore[arg-type]
    seen = incidents.latest(world.lab)
    assert seen is not None
    assert seen.attempts[0].evidence == ("promql:queue",)
    assert seen.attempts[0].counting == 1


def test_a_kind_that_can_not_be_evidence_costs_nothing(world: World) -> None:
    look(world)
    with pytest.raises(InputError, match=r"look-up #1 \(changes\) can't be evidence"):
        submit(**RIGHT, evidence=["#1"])  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no look-up named '#5'"):
        submit(**RIGHT, evidence=["#5"])  # type: ignore[arg-type]
    assert incidents.require_open(world.lab).attempts == ()


def test_a_whole_trace_id_stays_and_other_evidence_too(world: World) -> None:
    look(world)
    assert looked.as_evidence(world.lab, "#4") == f"trace:{'a' * 32}"
    assert looked.as_evidence(world.lab, "promql:queue") == "promql:queue"


def test_the_next_incident_counts_anew(world: World) -> None:
    look(world)
    entries = world.lab.store.journal.entries()
    assert len(looked.look_ups(entries, "INC-0001")) == 4
    assert sum(entry.kind == LOOK_UP for entry in entries) == 5
    incidents.give_up(world.lab)
    with pytest.raises(LabStateError, match="is over"):
        looked.find(world.lab, "#1")
