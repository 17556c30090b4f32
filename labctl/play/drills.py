"""How far the drill of a lab is, kept in the lab's state: a drill whose process ended goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from labctl.base import paths
from labctl.base.errors import LabStateError
from labctl.base.file_lock import FileLock
from labctl.base.private_files import make_private_dir
from labctl.lab.lab import Lab
from labctl.model.drill import Planned, Played, Progress
from labctl.model.incident import ACTIVE, Incident
from labctl.play.stored import latest

KIND, KEY = "drill", "present"


def load(lab: Lab) -> Progress | None:
    """Return how far the lab's drill is; None when there was none."""
    found = lab.store.documents.get(KIND, KEY)
    if found is None:
        return None
    return Progress(**{**found, "played": tuple(Played(**each) for each in found["played"])})


def save(lab: Lab, progress: Progress) -> Progress:
    """Write down how far the drill is."""
    document: dict[str, Any] = asdict(progress)
    lab.store.documents.put(KIND, KEY, document)
    return progress


def last_incident(lab: Lab) -> str:
    """Return the number of the lab's last incident that began; empty without one."""
    incident = latest(lab)
    return incident.id if incident and incident.page else ""


def begun(lab: Lab, progress: Progress) -> Incident | None:
    """Return the drill's present incident, if it has begun: the first one after the last before it."""
    incident = latest(lab)
    if progress.after is None or incident is None or incident.page is None:
        return None
    return incident if incident.id != progress.after else None


def over(incident: Incident) -> Played | None:
    """Return how an incident ended; None while it goes on."""
    if incident.status in ACTIVE:
        return None
    return Played(incident.id, str(incident.status), round(incident.clock_s(incident.now()), 1))


def next_at(planned: Planned, now: float, *, last: bool) -> float | None:
    """Return when the rest after an incident ends."""
    return None if last or not planned.break_s else now + planned.break_s


@contextmanager
def only_one(lab: Lab) -> Iterator[None]:
    """Be the process that plays the lab's drill. Raises LabStateError when another one is."""
    folder = make_private_dir(paths.state_root() / "locks")
    lock = FileLock(folder / f"{lab.name}.drill", timeout=0)
    try:
        lock.acquire()
    except TimeoutError as error:
        raise LabStateError(
            f"another process plays the drill of the lab '{lab.name}'",
            expected="one `labctl drill run` at a time",
            todo=f"see how far it is: labctl drill status{lab.option}",
        ) from error
    try:
        yield
    finally:
        lock.release()
