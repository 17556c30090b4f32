"""What lay around an incident: fog, other people's changes near it, the drill it belonged to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

CLEAR, HAZY, DENSE = FOGS = "clear", "hazy", "dense"
"""The levels of fog, from the telemetry that lacks nothing to the one that lacks most."""
FOR_HIDDEN = HAZY
"""The fog over incidents whose fault labctl chooses, where nobody says another."""


@dataclass(frozen=True)
class Decoy:
    """A harmless change that was made beside the fault, on purpose, where its effect is seen; `feed` is its entry."""

    feed: int
    shows: str
    """The component on whose dashboards it shows."""


@dataclass(frozen=True)
class Surroundings:
    """What lay around one incident."""

    fog: str = CLEAR
    left_out: Mapping[str, Any] = field(default_factory=dict)
    """The settings of that level, as the lab's telemetry service had them."""
    near: int = 0
    """How many harmless changes there were on components of the fault's chain, shortly before the injection."""
    decoy: Decoy | None = None
    """The other half of a pair; None where the fault came alone."""
    drill: str = ""
    """The name of the drill's plan; empty outside of one."""
    began: float | None = None
    """When `labctl break` began, in epoch seconds; None where nobody noted it."""
    cause: tuple[int, ...] | None = None
    """The entries of the change feed that injecting the fault left; None before the page, and where nobody noted it."""


NOTHING_AROUND = Surroundings()


def to_document(around: Surroundings) -> dict[str, Any]:
    """Return the surroundings as JSON types."""
    return {**asdict(around), "cause": None if around.cause is None else list(around.cause)}


def from_document(document: Mapping[str, Any] | None) -> Surroundings:
    """Return what `to_document` was given; nothing is known of an older labctl's incidents."""
    if document is None:
        return NOTHING_AROUND
    decoy = Decoy(**document["decoy"]) if document["decoy"] else None
    cause = None if document["cause"] is None else tuple(document["cause"])
    return Surroundings(**{**document, "decoy": decoy, "cause": cause})
