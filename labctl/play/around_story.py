"""What lay around an incident, told after its end: what the fog hid, the decoy, and how difficult that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labctl.model import fog_words
from labctl.model.fault import Fault
from labctl.model.incident import Incident
from labctl.model.points import Difficulty, difficulty
from labctl.play.told_changes import ToldChange


@dataclass(frozen=True)
class Thinned:
    """A signal by which the fault can be told, and how the fog thinned it out; empty where it was as ever."""

    signal: str
    kind: str
    how: str


@dataclass(frozen=True)
class Decoy:
    """The harmless change that was made on purpose where it is seen, elsewhere than the fault."""

    component: str
    title: str
    author: str
    shows: str
    """The component on whose dashboards it was seen."""
    before_page_s: float


@dataclass(frozen=True)
class AroundStory:
    """What lay around an incident."""

    fog: str
    hid: tuple[str, ...]
    """What the fog left out of the telemetry, a phrase each; empty where it was clear."""
    evidence: tuple[Thinned, ...]
    """The fault's own signals in that fog; empty where it was clear."""
    decoy: Decoy | None
    difficulty: Difficulty


def tell(fault: Fault, incident: Incident, changes: Sequence[ToldChange]) -> AroundStory:
    """Return what lay around an incident; `changes` are those from an hour before it."""
    left_out = incident.around.left_out
    hid = fog_words.hides(left_out)
    evidence = (Thinned(each.name, str(each.kind), fog_words.thins(each, left_out)) for each in fault.evidence)
    return AroundStory(
        incident.around.fog,
        hid,
        tuple(evidence) if hid else (),
        _decoy(incident, changes),
        difficulty(fault.difficulty, incident.around),
    )


def _decoy(incident: Incident, changes: Sequence[ToldChange]) -> Decoy | None:
    laid, page = incident.around.decoy, incident.page
    made = next((each.change for each in changes if laid and each.change.id == laid.feed), None)
    if laid is None or made is None or page is None:
        return None
    return Decoy(made.component, made.title, made.author, laid.shows, round(page.at - made.at, 1))
