"""The checks of `labctl doctor`: each says what it found, and what to do about a problem."""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from labctl.base import paths
from labctl.base.errors import LabctlError
from labctl.base.names import DEFAULT_NAME, PROJECT_PREFIX
from labctl.base.text import number_of
from labctl.catalogue import catalogue
from labctl.docker import compose, helper
from labctl.docker.docker import Docker
from labctl.health import kept
from labctl.images import build_settings
from labctl.lab.lab import Lab
from labctl.model.fault import SLOWEST
from labctl.operate import host, strangers
from labctl.operate.host import GIB
from labctl.state import ports
from labctl.state.locking import holder

LEAST_PYTHON = (3, 11)
TESTED_COMPOSE = ("1.29", "2.26")
"""Compose versions that the tests have run with; others are expected to work."""
SOURCES = ("compose", "services", "loadgen", "requirements")
SETUP = "run `labctl setup`"


@dataclass(frozen=True)
class Finding:
    """The result of one check. Without `ok` a lab would not work, or something has to be cleaned up."""

    what: str
    ok: bool
    found: str
    todo: str = ""


Check = Callable[[], Iterator[Finding]]


def diagnose() -> list[Finding]:
    """Run every check; a check that cannot be made is a finding too."""
    checks: dict[str, Check] = {
        "Python": _python,
        "labctl": _name,
        "Docker": _docker,
        "compose": _compose,
        "room": _room,
        "state": _state,
        "sources": _sources,
        "downloads": _downloads,
        "catalogue": _catalogue,
        "labs": _labs,
        "leftovers": _leftovers,
    }
    return [finding for name, check in checks.items() for finding in _findings_of(name, check)]


def _findings_of(name: str, check: Check) -> list[Finding]:
    try:
        return list(check())
    except LabctlError as error:
        return [Finding(name, False, error.what, error.todo or error.expected)]


def _python() -> Iterator[Finding]:
    least = ".".join(map(str, LEAST_PYTHON))
    yield Finding("Python", sys.version_info >= LEAST_PYTHON, platform.python_version(), f"install {least} or later")


def _name() -> Iterator[Finding]:
    """Find other tools that are called labctl: whoever types `labctl` may start one of them."""
    found = [*strangers.packages(), *map(str, strangers.programs())]
    todo = "remove it, or start this labctl by its path: " + str(Path(sys.executable).with_name("labctl"))
    said = f"another tool of that name is here: {', '.join(found)}" if found else "no other tool of that name is here"
    yield Finding("labctl", not found, said, todo)


def _docker() -> Iterator[Finding]:
    docker = Docker()
    client = docker.run("version", "--format", "{{.Client.Version}}").strip()
    yield Finding("Docker", True, f"client {client}, daemon {docker.server_version()}")


def _compose() -> Iterator[Finding]:
    found = compose.find(Docker())
    if found is None:
        yield Finding("compose", False, "neither `docker compose` nor `docker-compose` 1.29 or later", SETUP)
        return
    tested = found.version.lstrip("v").startswith(TESTED_COMPOSE)
    note = "tested" if tested else f"not tested: {' and '.join(TESTED_COMPOSE)} are; other versions should work"
    yield Finding("compose", True, f"{' '.join(found.command)} {found.version} ({note})")


def _room() -> Iterator[Finding]:
    room = host.room(paths.state_root())
    for what, free, least in (("disk", room.disk, host.MIN_DISK), ("memory", room.memory, host.MIN_MEMORY)):
        if free is None:
            yield Finding(what, True, "unknown: this system does not say how much is free")
        else:
            todo = f"free some: a lab needs {least / GIB:.0f} GB"
            yield Finding(what, free >= least, f"{free / GIB:.1f} GB free", todo)


def _state() -> Iterator[Finding]:
    root = paths.state_root()
    writable = os.access(root, os.W_OK | os.X_OK)
    yield Finding("state", writable, str(root), "make it writable, or set LABCTL_STATE_DIR to another folder")
    mode = root.stat().st_mode & 0o077
    found = "others can read the state" if mode else "only you can read the state"
    yield Finding("privacy", not mode, found, f"chmod 700 {root}")


def _sources() -> Iterator[Finding]:
    root = paths.bundle_root()
    missing = [each for each in SOURCES if not (root / each).is_dir()]
    found = f"missing in {root}: {', '.join(missing)}" if missing else str(root)
    yield Finding("sources", not missing, found, "install labctl again, or check the clone out again")


def _downloads() -> Iterator[Finding]:
    proxies = [name for name in ("HTTP_PROXY", "HTTPS_PROXY") if os.environ.get(name) or os.environ.get(name.lower())]
    authorities = build_settings.ca_bundle().count(b"BEGIN CERTIFICATE")
    proxy = f"proxy from {' and '.join(proxies)}" if proxies else "no proxy"
    found = f"{authorities} certificate authorities, {proxy}"
    yield Finding("downloads", authorities > 0, found, "install your system's package ca-certificates")


def _catalogue() -> Iterator[Finding]:
    found = catalogue.usable()
    broken = f"; files that do not load: {len(found.broken)}" if found.broken else ""
    said = number_of(len(found.faults), "fault") + broken
    yield Finding("catalogue", not found.broken, said, "`labctl faults check` says what is wrong with them")


def _labs() -> Iterator[Finding]:
    names = paths.lab_names()
    yield Finding("labs", True, ", ".join(names) or "none")
    for name in names:
        yield from _findings_of(f"lab '{name}'", partial(_lab, Lab(name)))


def _lab(lab: Lab) -> Iterator[Finding]:
    what = f"lab '{lab.name}'"
    yield _journal(lab, what)
    unfinished = [] if holder(lab.name) else lab.store.operations.unfinished()
    for each in unfinished:
        yield Finding(f"{what}: commands", False, f"'labctl {each.what}' was interrupted", f"labctl status{lab.option}")
    yield _lab_ports(lab, what)
    yield from _telemetry(lab, what)
    yield _speed(lab, what)


def _telemetry(lab: Lab, what: str) -> Iterator[Finding]:
    """Say whether spans and lines are lost; nothing about a lab whose telemetry doesn't run."""
    running = {each.service for each in lab.stack.ps() if each.running}
    if {"telemetry", "prometheus"} <= running:
        lost = kept.troubles(lab.metrics)
        todo = "make room on the disk, or send less; look-ups of that time may miss spans and lines"
        yield Finding(f"{what}: telemetry", not lost, "; ".join(lost) or "keeps what it is sent", todo)


def _speed(lab: Lab, what: str) -> Finding:
    """Say how fast the host is, and how many faults would not show on it because it is too fast or too slow."""
    speed = lab.speed
    if speed is None:
        return Finding(f"{what}: speed", True, f"not measured yet: labctl up{lab.option} measures it")
    left_out = sum(bool(each.unfit(math.inf, speed)) for each in catalogue.usable().faults)
    shown = f"{number_of(left_out, 'fault')} would not show" if left_out else "all faults show"
    found = f"{speed:.2f} times the reference's; {shown}"
    return Finding(f"{what}: speed", speed >= SLOWEST, found, "give the lab more of the CPU, or a faster host")


def _journal(lab: Lab, what: str) -> Finding:
    """Say where the journal was changed, or which of what it vouches for is not as labctl wrote it."""
    broken = lab.store.journal.verify()
    wrong = lab.store.records.doubts() if broken is None else [f"changed at entry {broken}"]
    since = "" if broken is None else " from that entry on"
    todo = f"don't trust its results{since}; labctl down{lab.option} moves the journal to the archive"
    return Finding(f"{what}: journal", not wrong, "; ".join(wrong) or "unbroken", todo)


def _lab_ports(lab: Lab, what: str) -> Finding:
    # A paused container holds its port as well.
    running = {each.service for each in lab.stack.ps() if each.running or each.state == "paused"}
    record = lab.record
    named = zip(ports.NAMES, astuple(record.ports), strict=True)
    taken = [f"{port} ({each})" for each, port in named if each not in running and not ports.is_free(port, record.bind)]
    found = f"taken by another program: {', '.join(taken)}" if taken else "free, or in use by the lab itself"
    return Finding(f"{what}: ports", not taken, found, f"labctl up{lab.option} gives the lab other ports")


def _leftovers() -> Iterator[Finding]:
    """Find containers of labs whose state is not here, and helper containers that no command uses any more."""
    here = {PROJECT_PREFIX + name for name in paths.lab_names()}
    strays = sorted(each for each in Docker().projects() if each.startswith(PROJECT_PREFIX) and each not in here)
    for each in strays:
        name = each.removeprefix(PROJECT_PREFIX)
        todo = "if the lab is not another user's: labctl down" + ("" if name == DEFAULT_NAME else f" --name {name}")
        yield Finding("leftovers", False, f"containers of a lab '{name}' whose state is not here", todo)
    helpers = helper.left(Docker())
    if helpers and not any(holder(name) for name in paths.lab_names()):
        todo = "if no labctl command is running: docker rm --force " + " ".join(each[:12] for each in helpers)
        yield Finding("leftovers", False, f"{number_of(len(helpers), 'helper container')} of labctl", todo)
    if not (strays or helpers):
        yield Finding("leftovers", True, "none")
