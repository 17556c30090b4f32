"""A lab on this host: its server's verbs are the actions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labctl.actions import debrief, errand, incident, incident_clock, postmortem
from labctl.actions.answer import to_json
from labctl.actions.errand import Asked, Errand
from labctl.actions.overview import Onlooker
from labctl.gameday.servers.server import Pace, Seen, Standing, Work


@dataclass(frozen=True)
class Here:
    """The lab `name` on this host."""

    name: str

    def pace(self) -> Pace:
        """Return what decides which faults show in the lab."""
        return Pace(*incident.pace(self.name))

    def begin(self, asked: Asked) -> None:
        """Let a hidden incident begin in the background."""
        errand.ask_break(self.name, asked)

    def work(self) -> Work | None:
        """Return the last thing that was done in the background."""
        found = errand.present(self.name)
        return _work(found) if found else None

    def seen(self) -> Seen:
        """Return the last incident."""
        now = incident.page(self.name)
        at = now.page.at.timestamp() if now.page else None
        return Seen(now.incident, str(now.status), at, now.paused_since is not None, now.clock_s - now.penalty_s)

    def standing(self) -> Standing:
        """Return whether there is something to heal."""
        now = errand.following(self.name)
        return Standing(now.broken, bool(now.busy), _work(now.errand) if now.errand else None)

    def heal(self) -> None:
        """Let the lab be healed in the background."""
        errand.ask_heal(self.name)

    def pause(self) -> None:
        """Let the clock stand."""
        incident_clock.pause(self.name)

    def resume(self) -> None:
        """Let the clock run on."""
        incident_clock.resume(self.name)

    def extend(self, by_s: float) -> None:
        """Move the limit."""
        incident_clock.extend(self.name, by_s)

    def end(self) -> None:
        """End the incident."""
        incident_clock.end(self.name)

    def void(self) -> None:
        """Let nothing of the incident count."""
        incident_clock.void(self.name, heal_too=False)

    def told(self) -> dict[str, Any]:
        """Return the last incident's debrief, and its postmortem."""
        found = to_json(debrief.debrief(self.name))
        return {"debrief": found, "postmortem": postmortem.text(self.name).text}

    def onlooker(self) -> Onlooker:
        """Return who looks at the lab."""
        return Onlooker(self.name)


def _work(found: Errand) -> Work:
    ended = None if found.ended_at is None else found.ended_at.timestamp()
    return Work(found.what, found.at.timestamp(), ended, found.problem.what if found.problem else None)
