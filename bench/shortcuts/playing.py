"""Plays one hidden incident in a lab that stands: break, look once, let every player answer, heal."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.shortcuts.judging import judged
from bench.shortcuts.learner import Learner
from bench.shortcuts.looking import Looking
from bench.shortcuts.plan import Planned
from bench.shortcuts.played import Log, Played, Told
from bench.shortcuts.players import players
from bench.shortcuts.snapshot import Snapshot
from bench.shortcuts.timing import timed
from labctl.base.errors import LabStateError, WaitTimeoutError
from labctl.base.waiting import pause
from labctl.health import baseline, steady_state
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.model.measurement import Window
from labctl.play import incidents

LOOK_AFTER_S = 10.0
"""From the page until the players look: somebody reads it meanwhile. In dense fog, where figures come later than that,
they look when those of the page's time are there."""


@dataclass
class Playing:
    """Plays incidents in the lab `name`, one after the other."""

    name: str
    faults: Sequence[Fault]
    log: Log
    seconds: dict[str, float] = field(default_factory=dict)

    def play(self, planned: Planned) -> Played:
        """Play an incident, and leave the lab healed. Raises SickLabError, HealError when the lab can't be used."""
        self.seconds = {}
        learner = Learner(self.name)
        try:
            seen = self._seen(planned, learner)
        except WaitTimeoutError as never:
            return Played(planned, seconds=self.seconds, why=never.what)
        else:
            seen.keep(self.log.snapshot(planned))
            told = self._judged(planned, seen)
            return Played(planned, str(seen.page["alert"]), told, self.seconds)
        finally:
            with timed(self.seconds, "heal"):
                learner.ask("heal")

    def _seen(self, planned: Planned, learner: Learner) -> Snapshot:
        lab = Lab.open(self.name)
        looking = Looking(learner, self.faults)
        with timed(self.seconds, "settle"):
            healthy = baseline.settled(lab, patience=steady_state.TIMEOUT_S, fog=planned.fog)
        before = looking.database()
        healthy = Window(healthy.start, time.time())
        with timed(self.seconds, "page"):
            answer = learner.ask(
                "break", "--hidden", "--seed", str(planned.seed), "--fog", planned.fog, "--limit", "30m"
            )
        with timed(self.seconds, "wait"):
            pause(max(LOOK_AFTER_S, lab.fog_file.cadence.lag_s))
        with timed(self.seconds, "look"):
            return looking.look(planned.fog, lab.fog_file.cadence, healthy, answer["page"], before)

    def _judged(self, planned: Planned, seen: Snapshot) -> Mapping[str, Told]:
        with timed(self.seconds, "answer"):
            return judged(seen, players(self.faults), lambda: self._fault(planned))

    def _fault(self, planned: Planned) -> Fault:
        incident = incidents.latest(Lab.open(self.name))
        drawn = incident.fault if incident else "nothing"
        if drawn != planned.fault:
            raise LabStateError(
                f"the seed {planned.seed} drew {drawn}",
                expected=planned.fault,
                todo="start the run anew: remove its log, or give another --log",
            )
        return next(each for each in self.faults if each.id == drawn)
