"""Bringing a lab up."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar

from labctl.actions.answer import Answer
from labctl.actions.parts import Reading, readings
from labctl.base import progress
from labctl.operate.interfaces import interfaces
from labctl.operate.launch import bring_up
from labctl.operate.plan import LabOptions
from labctl.play import incidents
from labctl.play.director import opening

__all__ = ["LabOptions", "Up", "up"]


@dataclass(frozen=True)
class Up(Answer):
    """A running lab: healthy under load, or broken by a fault, and then without readings."""

    schema: ClassVar[str] = "labctl.up/1"
    name: str
    started: bool
    """Whether anything had to be started."""
    seconds: float
    rps: float
    seed: int
    cpu_share: float
    calibration: dict[str, float | None] | None
    """The costs of database work and of a request on this host in ms, and its speed in multiples of the reference's."""
    interfaces: dict[str, str | None]
    """The address of each published interface; null for Grafana where its image is missing."""
    steady_state: tuple[Reading, ...]


def up(name: str, options: LabOptions, *, colleagues: bool | None = None) -> Up:
    """Start a lab, or its missing parts, and return when it is healthy; a healthy lab is left alone.

    Where `colleagues` work, they change the system as well; None keeps the lab's own value, a new lab has them.

    Raises HostError and EngineError before anything is started, WaitTimeoutError when no steady state comes.
    """
    launch = bring_up(name, options, after_healing=incidents.reconcile)
    record = launch.lab.record
    opening.open_office(launch.lab, colleagues)
    if not ip_address(record.bind).is_loopback:
        progress.warn(f"the lab's ports are open on {record.bind}: whoever reaches that address reaches the lab")
    return Up(
        name=launch.lab.name,
        started=launch.touched,
        seconds=round(launch.seconds, 1),
        rps=record.rps,
        seed=record.seed,
        cpu_share=record.cpu_share,
        calibration=record.calibration,
        interfaces=interfaces(launch.lab),
        steady_state=readings(launch.readings),
    )
