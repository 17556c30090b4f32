"""A round in a lab whose time passes only when somebody waits."""

from __future__ import annotations

import pytest

from labctl.actions import debrief, errand, incident
from labctl.base.errors import InputError, LabStateError
from labctl.gameday import plan as plans
from labctl.gameday import results, rounds
from labctl.gameday.exporting import export
from labctl.gameday.model import LabSeat, State
from labctl.gameday.plan import Plan
from labctl.gameday.servers.here import Here
from labctl.gameday.store import DayStore
from labctl.operate import background
from tests.support.catalogue import use_only
from tests.support.world import World

TEXT = """title: A day
name: day
teams: [{name: blue}]
incidents:
  - fault: example-fault
    limit: 15m
  - draw: {seed: 4}
"""


@pytest.fixture
def plan() -> Plan:
    return plans.read(TEXT, "plan")


@pytest.fixture
def store(world: World, monkeypatch: pytest.MonkeyPatch, plan: Plan) -> DayStore:
    use_only(monkeypatch, world.fault())
    monkeypatch.setattr(background, "start", lambda _name, _kind: None)
    found = DayStore("day")
    found.prepare()
    found.set("plan", plans.to_document(plan))
    found.labs.plan([LabSeat("lab", "blue", 9000, "local", ready=True)])
    return found


def state(store: DayStore, number: int = 1) -> State:
    return store.incidents.of(number)[0].state


def test_it_goes_from_the_page_to_the_end_and_the_lab_is_healed(store: DayStore, plan: Plan, world: World) -> None:
    assert [each.state for each in rounds.start(store, plan, 1)] == [State.STARTING]
    assert rounds.follow(store) == []
    errand.run("lab")
    paged = rounds.follow(store)[0]
    assert (paged.state, paged.incident) == (State.PAGED, "INC-0001")
    page = incident.page("lab").page
    assert page is not None
    assert paged.paged_at == pytest.approx(page.at.timestamp(), abs=0.01)
    debrief.give_up("lab")
    assert rounds.follow(store)[0].state is State.ENDED
    assert rounds.follow(store) == []  # it asks for healing
    errand.run("lab")
    assert world.healthy_now
    kept = store.incidents.result(paged.id)
    assert kept is not None
    assert kept["debrief"]["fault"] == "example-fault"
    assert "# " in kept["postmortem"]


def test_it_is_hidden_though_the_plan_names_it(store: DayStore, plan: Plan, world: World) -> None:
    rounds.start(store, plan, 1)
    errand.run("lab")
    found = world.lab.store.documents.all("incident")
    assert [each["hidden"] for each in found.values()] == [True]
    assert b"example-fault" not in store.database.path.read_bytes()


def test_every_lab_gets_the_seed_of_the_round(store: DayStore, plan: Plan, world: World) -> None:
    rounds.start(store, plan, 2)
    body = store.incidents.round(2)
    assert body is not None
    assert (body["seed"], body["fault"], body["limit"]) == (4, "example-fault", "1200s")
    record = world.lab.store.errand.read()
    assert record is not None
    assert (record.asked["seed"], record.asked["fault"]) == (4, "example-fault")


def test_one_that_was_killed_before_the_lab_was_asked_asks_again(store: DayStore, plan: Plan) -> None:
    body = rounds.body_of(plan, plan.incidents[0], [Here("lab").pace()])
    store.incidents.begin_round(1, body, store.labs.teams())
    store.incidents.become(store.incidents.of(1)[0].id, State.STARTING)  # and killed there
    rounds.follow(store)
    errand.run("lab")
    assert rounds.follow(store)[0].state is State.PAGED


def test_a_lab_that_can_not_be_broken_makes_it_void_and_says_why(store: DayStore, plan: Plan, world: World) -> None:
    world.pages = False
    rounds.start(store, plan, 1)
    errand.run("lab")
    rounds.follow(store)
    found = store.incidents.all()[0]
    assert found.state is State.VOID
    assert "no page came" in found.problem
    world.pages = True
    assert rounds.start(store, plan, 1)[0].state is State.STARTING


def test_one_round_at_a_time_and_only_those_that_there_are(store: DayStore, plan: Plan) -> None:
    rounds.start(store, plan, 1)
    with pytest.raises(LabStateError, match="round 1 goes on"):
        rounds.start(store, plan, 2)
    assert [each.state for each in rounds.start(store, plan, 1)] == [State.STARTING]
    with pytest.raises(InputError, match="no round 3"):
        rounds.start(store, plan, 3)


def test_what_is_exported_tells_how_it_went(
    store: DayStore, plan: Plan, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rounds.start(store, plan, 1)
    errand.run("lab")
    rounds.follow(store)
    debrief.give_up("lab")
    rounds.follow(store)
    folder = tmp_path_factory.mktemp("out") / "day"
    answer = export(store, folder)
    ever = {"gameday.db", "results.json", "results.csv", "postmortem-1-blue-INC-0001.md"}
    assert set(answer.files) == ever | {"report.html", "report.csv", "report.json", "ways.csv"}
    row = results.results(store)[0]
    assert (row.team, row.outcome, row.state) == ("blue", "given-up", "ended")
    assert "1,blue,lab,INC-0001,ended,given-up," in (folder / "results.csv").read_text()
    with pytest.raises(InputError, match="is there already"):
        export(store, folder)


def test_no_cell_is_a_formula() -> None:
    row = results.Result(1, "blue", "lab", "", "void", None, None, None, None, None, '=HYPERLINK("http://x")')
    assert "'=HYPERLINK" in results.as_csv([row])
