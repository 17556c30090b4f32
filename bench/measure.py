"""The measurements; each starts its own labs and takes them down again."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import own_memory, queries
from labctl.base import paths, progress
from labctl.base.errors import EngineError, LabStateError
from labctl.base.waiting import pause
from labctl.catalogue import catalogue
from labctl.docker.docker import Docker
from labctl.lab.lab import Lab
from labctl.model.fault import Fault
from labctl.operate import guard
from labctl.operate.launch import Launch, bring_up
from labctl.operate.plan import LabOptions
from labctl.operate.teardown import tear_down
from labctl.verify.batch_record import BatchRecord
from labctl.verify.verification import verify
from labctl.verify.verification_record import Record

WINDOW_S = 60
NAME = "bench"
_CPU = f"sum by (service) (rate(container_cpu_usage_seconds_total[{WINDOW_S}s]))"
_P95 = queries.checkout_latency(0.95, WINDOW_S)
_ERRORS = queries.failing_checkouts(WINDOW_S)
_MISSES = queries.look_ups("miss", WINDOW_S)
_NOT_COPIED = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "build", "dist")


@contextmanager
def running(name: str, rps: float) -> Iterator[Launch]:
    """Start a lab from built images, and take it down at the end."""
    tear_down(name)
    try:
        yield bring_up(name, LabOptions(rps=rps, seed=1))
    finally:
        tear_down(name)


def start_seconds(trials: int) -> list[float]:
    """Return how long `up` took, each time from built images to the steady state."""
    seconds = []
    for _ in range(trials):
        with running(NAME, 20) as launch:
            seconds.append(launch.seconds)
    return seconds


def use_by_service(lab: Lab) -> dict[str, tuple[float, float]]:
    """Return each service's own memory in MB and CPU in cores, over a minute, from its containers' cgroups."""
    with progress.step(f"measuring memory and CPU for {WINDOW_S} s"):
        pause(WINDOW_S)
    memory = own_memory.by_service(lab)
    cores = {each.labels["service"]: each.value for each in lab.metrics.query(_CPU)}
    return {service: (memory[service], cores.get(service, 0.0)) for service in sorted(memory)}


def health(lab: Lab) -> tuple[float, float, float]:
    """Return the checkout's p95 in seconds, its error ratio and the cache's miss ratio over the last minute."""
    return (
        _required(lab.metrics.scalar(_P95), lab.name),
        _required(lab.metrics.scalar(_ERRORS), lab.name),
        _required(lab.metrics.scalar(_MISSES), lab.name),
    )


def verifications(lab: Lab, fault: Fault, trials: int, keep: Callable[[BatchRecord], None]) -> list[Record]:
    """Verify the fault `trials` times and return the records; `keep` gets the records so far after each."""
    records: list[Record] = []
    with guard.exclusive(lab, "verify"):
        for trial in range(1, trials + 1):
            with progress.step(f"verifying {fault.id}, {trial} of {trials}") as step:
                records.append(verify(lab, fault, step.update, catalogue.known()))
            keep(BatchRecord(tuple(records), (fault.id,) * (trials - trial)))
    return records


def p95_alone_and_together(count: int) -> tuple[float, list[float]]:
    """Return the checkout's p95 in seconds of one lab at 5 requests/s, and of each of `count` such labs at once."""
    with ExitStack() as labs:
        first = labs.enter_context(running(f"{NAME}-1", 5)).lab
        alone = _p95_after_a_minute([first])[0]
        others = [labs.enter_context(running(f"{NAME}-{number}", 5)).lab for number in range(2, count + 1)]
        return alone, _p95_after_a_minute([first, *others])


def _p95_after_a_minute(labs: Sequence[Lab]) -> list[float]:
    with progress.step(f"measuring {len(labs)} labs for {WINDOW_S} s"):
        pause(WINDOW_S)
    return [_required(lab.metrics.scalar(_P95), lab.name) for lab in labs]


def _required(value: float | None, name: str) -> float:
    if value is None:
        raise LabStateError(f"the lab '{name}' measured nothing", expected="checkouts", todo="see `labctl status`")
    return value


def setup_seconds(root: Path) -> float:
    """Return how long `make setup` takes in a copy of the checkout, without its images and without pip's cache."""
    if paths.lab_names():
        raise LabStateError(
            "labs are here, and measuring set-up removes their images", expected="no labs", todo="labctl down --all"
        )
    docker = Docker()
    tags = docker.images("labctl/*")
    if tags:
        docker.run("rmi", "--force", *tags, timeout=300)
    with tempfile.TemporaryDirectory(prefix="labctl-bench-") as folder:
        copy = shutil.copytree(root, Path(folder) / "labctl", ignore=_NOT_COPIED)
        return _timed_make(copy)


def _timed_make(folder: Path) -> float:
    began = time.monotonic()
    with progress.step("make setup, from nothing"):
        done = subprocess.run(
            ["make", "setup"],
            cwd=folder,
            env={**os.environ, "PIP_NO_CACHE_DIR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise EngineError("make setup failed", expected=done.stderr[-2000:])
    return time.monotonic() - began
