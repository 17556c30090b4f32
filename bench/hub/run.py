"""The run: a real game day is started, everybody comes, an incident begins for all in the middle, it is taken down."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bench.hub import crowd as crowds
from bench.hub import lost, truth
from bench.hub.crowd import Crowd, Order
from bench.hub.ear import Told
from bench.hub.lost import Account, Heard
from bench.hub.using import Meter, Taken, looking
from bench.store import free_port
from labctl.actions import processes
from labctl.base import progress
from labctl.catalogue import shipped
from labctl.docker import usage
from labctl.docker.usage import Usage
from labctl.gameday import ending, launch, status
from labctl.gameday.plan import Plan
from labctl.gameday.sessions import INSTRUCTOR
from labctl.gameday.store import DayStore
from labctl.lab.lab import Lab
from labctl.operate import background, cost, host

HUB, ROOMS, DIRECTORS = "the hub and its keeper", "the rooms", "the directors"
LABS = "the labs' containers"


@dataclass(frozen=True)
class Asked:
    """One request: its kind, how long its answer took in ms, and what was wrong with it."""

    name: str
    ms: float
    wrong: str


@dataclass(frozen=True)
class Run:
    """What was seen: every request, what became of the events, and what each part took of the host."""

    crowd: Crowd
    asked: tuple[Asked, ...]
    account: Account
    doubles: int
    gaps: int
    not_paged: int
    taken: Mapping[str, Taken]
    busy_cores: float | None = None
    """What all that ran on the host had of its CPU; None where the platform does not say."""


def play(crowd: Crowd) -> Run:
    """Start the game day, measure it, and take it down, whatever happens."""
    plan = crowd.plan(shipped.ids()[0], free_port())
    with _running(plan) as store:
        return measure(store, plan, crowd)


def measure(store: DayStore, plan: Plan, crowd: Crowd) -> Run:
    """Let everybody come to a game day that runs and has not begun its round; return what was seen."""
    began = time.time()
    meter = Meter(_parts(store))
    containers = [each for seat in store.labs.all() for each in Lab.open(seat.name).stack.ps()]
    docker = Lab.open(store.labs.all()[0].name).stack.docker
    with tempfile.TemporaryDirectory(prefix="labctl-hub-") as folder:
        order = _order(store, plan, crowd, Path(folder))
        with progress.step(f"{crowd.what} for {crowd.minutes:g} min"):
            before = cost.looks(docker, containers)
            meter.begin()
            at, cpu = time.monotonic(), host.cpu_time()
            with looking(meter.look):
                told = crowds.come(crowd, order, Path(folder))
            taken = meter.end(time.monotonic() - at)
            busy = host.cores_between(cpu, host.cpu_time())
            after = cost.looks(docker, containers)
    labs = [_cost(before[each], after[each]) for each in before if each in after]
    taken[LABS] = Taken(sum(each.memory_mb for each in labs), sum(each.cores for each in labs))
    return replace(seen(crowd, told, taken, store, began), busy_cores=busy)


def seen(crowd: Crowd, told: Mapping[str, Any], taken: Mapping[str, Taken], store: DayStore, began: float) -> Run:
    """Return what was seen, of what Locust told."""
    heard = [
        Heard(each["name"], each["team"], each["since"], each["until"], tuple(Told(*one) for one in each["told"]))
        for each in told["heard"]
    ]
    asked = tuple(Asked(each["name"], each["ms"], each["wrong"]) for each in told["requests"])
    doubles, gaps = (sum(each[name] for each in told["heard"]) for name in ("doubles", "gaps"))
    found = lost.account(heard, truth.happened(store, began))
    return Run(crowd, asked, found, doubles, gaps, truth.not_paged(store), taken)


@contextmanager
def _running(plan: Plan) -> Iterator[DayStore]:
    with tempfile.TemporaryDirectory(prefix="labctl-hub-") as folder:
        ending.end(plan.name, Path(folder) / "left-over")
        path = Path(folder) / "plan.yaml"
        path.write_text(yaml.safe_dump(document(plan), sort_keys=False), "utf-8")
        try:
            launch.begin(path)
            yield DayStore.open(plan.name)
        finally:
            ending.end(plan.name, Path(folder) / "results")


def document(plan: Plan) -> dict[str, object]:
    """Return a plan as its file states it."""
    return {
        "title": plan.title,
        "name": plan.name,
        "teams": [{"name": each.name} for each in plan.teams],
        "incidents": [{"fault": each.fault} for each in plan.incidents],
        "rps": int(plan.rps),
        "spares": plan.spares,
        "hub": {"port": plan.hub.port, "url": plan.hub.url},
    }


def _order(store: DayStore, plan: Plan, crowd: Crowd, folder: Path) -> Order:
    links = [status.link(store, plan, each.name) for each in plan.teams]
    return Order(
        crowds.links_for(crowd.learners, links),
        status.link(store, plan, INSTRUCTOR),
        crowd.every_s,
        crowd.seconds / 2,
        crowd.seconds,
        str(folder / "told.json"),
    )


def _parts(store: DayStore) -> dict[str, list[tuple[str, background.Kind]]]:
    labs = [each.name for each in store.labs.all()]
    return {
        HUB: [(store.name, processes.HUB), (store.name, processes.KEEPER)],
        ROOMS: [(each, background.ROOM) for each in labs],
        DIRECTORS: [(each, background.DIRECTOR) for each in labs],
    }


def _cost(before: Usage, after: Usage) -> cost.Cost:
    return cost.Cost(after.memory_mb, usage.cores(before, after))
