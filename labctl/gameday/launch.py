"""`labctl gameday up`: labs one after the other, their rooms, the hub. Killed at any step, the next one goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labctl.actions import processes, room
from labctl.actions.host_resources import host_resources
from labctl.actions.up import LabOptions, up
from labctl.base import paths, progress
from labctl.base.errors import HostError, LabStateError
from labctl.base.file_lock import FileLock
from labctl.base.private_files import make_private_dir, write_private
from labctl.base.waiting import wait_until
from labctl.gameday import capacity, placing, sheet, status
from labctl.gameday import plan as plans
from labctl.gameday.answers import GameDay
from labctl.gameday.model import SWARM, DayState, LabSeat
from labctl.gameday.plan import Plan
from labctl.gameday.rooms import FRONT_FILE, open_room
from labctl.gameday.servers.keeping import load_seed
from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.store import DayStore

START_S = 30.0


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Be the one command that starts or ends a game day. Raises LabStateError."""
    lock = FileLock(make_private_dir(paths.state_root() / "locks") / f"{name}.gameday")
    try:
        lock.acquire()
    except TimeoutError as error:
        raise LabStateError(
            f"another command starts or ends the game day '{name}'", expected="one at a time", todo="wait for it to end"
        ) from error
    try:
        yield
    finally:
        lock.release()


def begin(path: Path) -> GameDay:
    """Start the game day that a plan states, or what is missing of it; return where it is.

    Raises CatalogueError for the plan, LabStateError where another plan has its name, HostError where it does not fit.
    """
    plan = plans.load(path)
    with alone(plan.name):
        store = DayStore(plan.name)
        _require_same(store, plan)
        missing = [each for each in _seats(store, plan) if not each.ready]
        with progress.step("checking the host") as step:
            step.note(_fits(plan, len(missing)))
            _require_port(plan)
        _prepare(store, plan)
        if plan.hosts == SWARM:
            placing.prepare(store, plan)
        for each in store.labs.all():
            with progress.step(
                f"the lab {each.name}" + (f" of the team {each.team}" if each.team else ", a spare one")
            ):
                start_lab(store, plan, each)
        store.become(DayState.RUNNING)
        start_hub(store, plan)
        found = status.status(store)
        sheet.write(store.folder / status.SHEET, found)
    return found


def keep(store: DayStore) -> None:
    """Start again what was killed of a game day that goes on: the next command does it, where its keeper can't."""
    if store.state is DayState.RUNNING:
        processes.ensure(store.name, processes.KEEPER)


def start_lab(store: DayStore, plan: Plan, seat: LabSeat) -> None:
    """Start a lab and its room, or what is missing of them."""
    if seat.host == SWARM:
        placing.start(store, plan, seat)
        return
    up(seat.name, LabOptions(rps=plan.rps, seed=load_seed(store)))
    store.labs.ready(seat.name, open_room(store, plan, seat))


def start_hub(store: DayStore, plan: Plan) -> None:
    """Start the hub and its keeper where they don't run, and wait for the hub's answer. Raises WaitTimeoutError."""
    with progress.step("the hub"):
        processes.ensure(store.name, processes.HUB)
        todo = "see whether another program has its port; then run the same command again"
        wait_until(lambda: status.answers(store, plan), what="an answer of the hub", timeout=START_S, todo=todo)
        processes.ensure(store.name, processes.KEEPER)


def _require_same(store: DayStore, plan: Plan) -> None:
    if not store.exists:
        return
    known = store.get("plan")
    if store.state is DayState.ENDING:
        raise LabStateError(
            f"the game day '{plan.name}' is being taken down",
            expected="a game day that goes on, or a new one",
            todo=f"run `labctl gameday down {plan.name}`, then this command again",
        )
    if known and plans.from_document(known) != plan:
        raise LabStateError(
            f"the game day '{plan.name}' began with another plan",
            expected="the same plan, or another name",
            todo=f"run `labctl gameday down {plan.name}` first, or change `name` in the plan",
        )


def _seats(store: DayStore, plan: Plan) -> list[LabSeat]:
    if store.exists and (known := store.labs.all()):
        return known
    teams = [LabSeat(plan.lab_of(each.name), each.name, 0, plan.hosts, ready=False) for each in plan.teams]
    return [*teams, *(LabSeat(each, None, 0, plan.hosts, ready=False) for each in plan.spare_labs)]


def _fits(plan: Plan, missing: int) -> str:
    if plan.hosts == SWARM:
        return placing.require(plan, missing)
    total = len(plan.teams) + plan.spares
    return capacity.require(total, plan.rps, host_resources(), running=total - missing)


def _require_port(plan: Plan) -> None:
    if not processes.runs(plan.name, processes.HUB) and not room.is_free(plan.hub.port, plan.hub.bind):
        raise HostError(
            f"port {plan.hub.port} of {plan.hub.bind} is taken by another program",
            expected="a free port for the hub",
            todo="end that program, or change `hub: port` in the plan",
        )


def _prepare(store: DayStore, plan: Plan) -> None:
    store.prepare()
    store.set("plan", plans.to_document(plan))
    store.labs.plan(_seats(store, plan))
    for each in (INSTRUCTOR, *(team.name for team in plan.teams)):
        store.sessions.code(each)
    write_private(store.folder / FRONT_FILE, store.secrets.front)
