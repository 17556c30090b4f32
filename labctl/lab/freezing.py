"""Freeze a lab's containers and thaw them: frozen they use no CPU and keep their memory, and go on where they were."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.base.waiting import pause
from labctl.docker import readiness
from labctl.docker.docker import Container
from labctl.lab.stack import GATEWAY, Stack
from labctl.model import services
from labctl.model.services import CACHE_FILLER, STARTS_LAST

LOAD_GRACE_S = 5
IN_FLIGHT_S = 0.5
"""What the last requests leave behind, such as events, is done by then."""
BEAT_S = 1.5
"""Within so long every worker of gunicorn has told its master that it lives: it does so once a second."""
COLD_S = 300.0
"""After so long, many entries of the cache have run out, which traffic would have renewed."""


def freeze(stack: Stack) -> None:
    """End the load, then freeze every other container. Harmless twice. Raises EngineError.

    gunicorn's master is stopped first: when it wakes, it would take its worker, which could not tell it anything
    meanwhile, for one that hangs, and kill it.
    """
    running = [each for each in stack.ps() if each.running]
    stack.docker.stop(*(each.id for each in running if each.service == STARTS_LAST), grace=LOAD_GRACE_S)
    rest = [each for each in running if each.service != STARTS_LAST]
    if not rest:
        return
    pause(IN_FLIGHT_S)
    _signal(stack, "STOP", rest)
    stack.docker.run("pause", *(each.id for each in rest))


def thaw(stack: Stack, frozen_s: float) -> None:
    """Let a lab's containers go on, start those that are stopped, and return when the gateway answers.

    Harmless twice. Raises EngineError, WaitTimeoutError.
    """
    found = stack.ps()
    frozen = [each.id for each in found if each.state == "paused"]
    if frozen:
        stack.docker.run("unpause", *frozen)
        pause(BEAT_S)
    _signal(stack, "CONT", [each for each in found if each.state in ("paused", "running")])
    if frozen and frozen_s > COLD_S:
        stack.restart(CACHE_FILLER)  # before the load begins, which would meet its restart
    for each in found:
        if each.state not in ("paused", "running"):
            stack.docker.run("start", each.id)
    readiness.wait_for(stack.docker, stack.container(GATEWAY))


def _signal(stack: Stack, signal: str, containers: Sequence[Container]) -> None:
    """Send a signal to the first process of those containers that may have a master and a worker."""
    masters = [each.id for each in containers if services.known(each.service).sources]
    if masters:
        stack.docker.run("kill", f"--signal={signal}", *masters)
