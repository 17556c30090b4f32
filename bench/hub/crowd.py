"""Who comes to the hub, and what they do there: the figures of a run, and its game day's plan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from labctl.base.errors import EngineError
from labctl.gameday import plan as plans
from labctl.gameday.plan import Hub, Plan, PlannedTeam
from labctl.model.drill import Planned

ROOT = Path(__file__).resolve().parents[2]
NAME = "hubbench"
LEARNERS_FILE = "bench/hub/learners.py"
ORDER = "HUB_CROWD"
"""The variable that says to Locust where its order is."""
ARRIVE_S = 10
"""Seconds within which everybody has opened their link."""
ENDS_S = 300
"""Seconds that Locust may take to start and to end."""


@dataclass(frozen=True)
class Crowd:
    """So many learners in so many teams, for so many minutes, each looking something up every so many seconds."""

    teams: int = 8
    learners: int = 60
    minutes: float = 10
    every_s: float = 5
    rps: float = 5

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.minutes * 60

    @property
    def what(self) -> str:
        """Say it."""
        return f"{self.learners} learners in {self.teams} teams"

    def plan(self, fault: str, port: int) -> Plan:
        """Return the plan of the game day: one round, with a fault that shows at once."""
        teams = tuple(PlannedTeam(f"t{number}") for number in range(1, self.teams + 1))
        hub = Hub(port=port, url=f"http://{plans.LOOPBACK}:{port}")
        return Plan("Hub under load", NAME, teams, NAME, (Planned(fault=fault),), self.rps, 0, hub=hub)


@dataclass(frozen=True)
class Order:
    """What Locust is told: who comes by which link, how often each looks, when the round begins, when all is over."""

    links: tuple[str, ...]
    """A link for each learner."""
    instructor: str
    every_s: float
    start_at_s: float
    seconds: float
    told: str
    """The file for what was seen."""

    def write(self, path: Path) -> None:
        """Write it."""
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Order:
        """Return what was written."""
        body = json.loads(path.read_text("utf-8"))
        return cls(**{**body, "links": tuple(body["links"])})


def links_for(learners: int, links: Sequence[str]) -> tuple[str, ...]:
    """Return a link for each learner, so that teams differ by one member at most."""
    return tuple(links[number % len(links)] for number in range(learners))


def come(crowd: Crowd, order: Order, folder: Path) -> dict[str, Any]:
    """Let everybody come, work and leave; return what they saw. Raises EngineError where Locust fails."""
    order.write(folder / "order.json")
    people = crowd.learners + 1
    arguments = ["--headless", "--users", str(people), "--spawn-rate", str(max(1.0, people / ARRIVE_S))]
    arguments += ["--stop-timeout", "5", "--exit-code-on-error", "0"]
    host = order.instructor.partition("/join/")[0]
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", LEARNERS_FILE, "--host", host, "--only-summary", *arguments],
        cwd=ROOT,
        env={**os.environ, ORDER: str(folder / "order.json")},
        capture_output=True,
        text=True,
        check=False,
        timeout=crowd.seconds + ENDS_S,
    )
    told = Path(order.told)
    if done.returncode or not told.is_file():
        raise EngineError(f"Locust ended with {done.returncode}", expected=done.stderr[-2000:], todo="run it again")
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return found
