"""A lab server without a lab: its verbs are noted, and answer what a test says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from labctl.actions.errand import Asked
from labctl.actions.overview import Glance
from labctl.gameday.servers.opening import Present, Wanted
from labctl.gameday.servers.server import Pace, Seen, Standing, Work

EMPTY = Present("", ready=False, opening=False, problem="")


@dataclass
class NotedServer:
    """Notes what is asked of it. `problem` is what each verb raises."""

    done: list[str] = field(default_factory=list)
    problem: Exception | None = None
    present: Present = EMPTY

    def _do(self, what: str) -> None:
        self.done.append(what)
        if self.problem:
            raise self.problem

    def state(self) -> Present:
        self._do("state")
        return self.present

    def open(self, wanted: Wanted) -> None:
        self._do(f"open {wanted.rps:g} {wanted.seed} {wanted.prefix} {wanted.keep}")

    def move_room(self, prefix: str) -> None:
        self._do(f"room {prefix}")

    def close(self) -> None:
        self._do("close")

    def pace(self) -> Pace:
        self._do("pace")
        return Pace(5.0, None)

    def begin(self, asked: Asked) -> None:
        self._do(f"begin {asked.fault} {asked.seed} {asked.limit}")

    def work(self) -> Work | None:
        self._do("work")
        return Work("break", 10.5, None, None)

    def seen(self) -> Seen:
        self._do("seen")
        return Seen("INC-0001", "open", 12.25, paused=True, elapsed_s=3.5)

    def standing(self) -> Standing:
        self._do("standing")
        return Standing(broken=True, busy=False, work=Work("heal", 1.0, 2.0, "it failed"))

    def heal(self) -> None:
        self._do("heal")

    def pause(self) -> None:
        self._do("pause")

    def resume(self) -> None:
        self._do("resume")

    def extend(self, by_s: float) -> None:
        self._do(f"extend {by_s:g}")

    def end(self) -> None:
        self._do("end")

    def void(self) -> None:
        self._do("void")

    def told(self) -> dict[str, Any]:
        self._do("told")
        return {"debrief": {"incident": "INC-0001", "wrong": []}, "postmortem": "# Why"}

    def onlooker(self) -> NotedServer:
        return self

    def look(self) -> Glance:
        self._do("look")
        return Glance("day-blue", wrong=("a / b / c",), mitigations=2, troubles=("it is sick",))
