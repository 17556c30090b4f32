"""What whoever is on call does to a running lab: each step by the mechanisms, with an entry in the change feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from labctl.base.errors import InputError, LabctlError, LabStateError, NotFoundError
from labctl.images import releases
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.cache import REDIS
from labctl.lab.mechanisms.database import POSTGRES
from labctl.model import services
from labctl.model.mitigation import (
    BLOCKABLE,
    GATEWAY,
    SCALABLE,
    Block,
    Configure,
    Flag,
    Index,
    KillQuery,
    Move,
    Park,
    Restart,
    Rollback,
    Scale,
    Shed,
    Step,
    Wait,
)
from labctl.state.change_feed import NewChange

AUTHOR = "you"
"""The author of the learner's own changes, as the change feed shows it."""
SETTINGS = {"pool": "DB_POOL_MAX", "threads": "THREADS"}
RANGES = {"cpu": (0.05, 8.0), "memory": (32.0, 2048.0), "pool": (1.0, 64.0), "threads": (1.0, 128.0)}
BLOCKED = {"merchant": "BLOCKED_MERCHANTS", "customer": "BLOCKED_CUSTOMERS", "scheme": "BLOCKED_SCHEMES"}
SHED = "SHED_CHECKOUTS"


def ours() -> list[str]:
    """Return the services that whoever is on call for this system may change."""
    return [each.name for each in services.SERVICES.values() if each.shown and each.ours]


def carry_out(lab: Lab, step: Step) -> list[int]:
    """Take a step, for a caller that holds the lab; return the numbers of its entries in the undo log.

    When it fails, it is taken back. Raises InputError, NotFoundError, LabStateError when it would change nothing or the
    lab does not run, EngineError, WaitTimeoutError.
    """
    _require_running(lab)
    newest = lab.store.undo_log.last
    try:
        _ACTS[type(step)](lab, step)
        # A new container must not have lost what its host does to it.
        undo.reapply(lab)
    except LabctlError:
        undo.take_back(lab, undo.since(lab, newest))
        raise
    return [each.number for each in undo.since(lab, newest)]


def _require_running(lab: Lab) -> None:
    if not any(each.running for each in lab.stack.ps()):
        raise LabStateError(
            f"the lab '{lab.name}' does not run", expected="a running lab", todo=f"start it: labctl up{lab.option}"
        )


def _known(service: str) -> str:
    if service not in ours():
        found = services.SERVICES.get(service)
        if found and not found.ours:
            raise InputError(f"{service} is not ours to change", expected=f"one of: {', '.join(ours())}")
        raise NotFoundError("service", service, ours())
    return service


def _rollback(lab: Lab, step: Rollback) -> None:
    service = _known(step.service)
    if service not in services.with_sources():
        raise LabStateError(f"{service} is a package and has no releases here")
    running = lab.releases.running(service)
    if not running:
        raise LabStateError(
            f"{service} {lab.releases.version(service)} can't be rolled back: the version before is not kept",
            expected="a release of the last hours to go back from",
            todo="see `labctl changes`",
        )
    before = running[-2].version if len(running) > 1 else releases.shipped_version(service)
    lab.releases.roll_back(service, author=AUTHOR, summary=f"Roll back to {before}")


def _restart(lab: Lab, step: Restart) -> None:
    service = _known(step.service)
    _tell(lab, service, f"Restart {service}")
    lab.containers.restart(service)


def _move(lab: Lab, step: Move) -> None:
    service = _known(step.service)
    lab.containers.move(service)
    _tell(lab, service, f"Move {service} to another host")


def _scale(lab: Lab, step: Scale) -> None:
    service = _known(step.service)
    if step.what not in SCALABLE:
        raise NotFoundError("thing to scale", step.what, SCALABLE)
    least, most = RANGES[step.what]
    if not least <= step.amount <= most:
        raise InputError(f"{step.what}={step.amount:g} is out of range", expected=f"{SCALABLE[step.what]}")
    if step.what in SETTINGS:
        _set(lab, service, SETTINGS[step.what], f"{step.amount:.0f}")
        return
    summary = f"Give {service} {step.amount:g} " + ("cores" if step.what == "cpu" else "MiB of memory")
    if step.what == "cpu":
        lab.cpu.allow(service, step.amount)
    else:
        lab.memory.limit(service, round(step.amount))
    _tell(lab, service, summary)


def _configure(lab: Lab, step: Configure) -> None:
    _set(lab, _known(step.service), step.key, step.value)


def _flag(lab: Lab, step: Flag) -> None:
    summary = f"Switch {step.flag} to {step.variant}"
    if lab.flags.switch(step.flag, step.variant, author=AUTHOR, summary=summary) is None:
        raise _as_it_was(f"the flag {step.flag} is {step.variant}")


def _kill_query(lab: Lab, step: KillQuery) -> None:
    if not lab.database.end(step.session):
        raise LabStateError(
            f"the database has no session '{step.session}'",
            expected="a process id, or an application's name",
            todo="labctl sql 'SELECT pid, application_name, state, query FROM pg_stat_activity'",
        )
    _tell(lab, POSTGRES, f"End the sessions of {step.session}")


def _shed(lab: Lab, step: Shed) -> None:
    if not 0 <= step.share <= 1:
        raise InputError(f"a share of {step.share:g} is out of range", expected="from 0 (none) to 1 (all checkouts)")
    summary = f"Turn {step.share:.0%} of the checkouts away" if step.share else "Let all checkouts in again"
    _set(lab, GATEWAY, SHED, f"{step.share:g}", summary)


def _block(lab: Lab, step: Block) -> None:
    if step.kind not in BLOCKABLE:
        raise NotFoundError("kind of block", step.kind, BLOCKABLE)
    if step.kind != "scheme" and not (step.value.isascii() and step.value.isdecimal()):
        raise InputError(f"'{step.value}' is no {step.kind}", expected="its number, such as 731")
    key = BLOCKED[step.kind]
    listed = [each for each in lab.configuration.settings(GATEWAY)[key].split(",") if each]
    if step.value in listed:
        raise _as_it_was(f"the {step.kind} {step.value} is blocked")
    _set(lab, GATEWAY, key, ",".join([*listed, step.value]), f"Block the {step.kind} {step.value}")


def _index(lab: Lab, step: Index) -> None:
    lab.database.build_index(step.index)
    _tell(lab, POSTGRES, f"Build the index {step.index}")


def _park(lab: Lab, step: Park) -> None:
    moved = lab.stream.park(step.record)
    _tell(lab, REDIS, f"Move the record {moved.partition(' ')[0]} to the dead letters")


def _wait(lab: Lab, step: Wait) -> None:
    del lab, step


def _set(lab: Lab, service: str, key: str, value: str, summary: str = "") -> None:
    said = summary or f"Set {key} to {value}"
    if service == REDIS:
        changed = lab.cache.configure(key, value, author=AUTHOR, summary=said)
    else:
        changed = lab.configuration.change(service, key, value, author=AUTHOR, summary=said)
    if changed is None:
        raise _as_it_was(f"{key} of {service} is {value or 'empty'}")


def _tell(lab: Lab, component: str, summary: str) -> None:
    lab.store.changes.add(NewChange("operation", component, summary, "", "", AUTHOR))


def _as_it_was(what: str) -> LabStateError:
    return LabStateError(f"{what} already: nothing was changed", expected="another value")


_ACTS: Mapping[type[Step], Callable[[Lab, Any], None]] = {
    Rollback: _rollback,
    Restart: _restart,
    Move: _move,
    Scale: _scale,
    Configure: _configure,
    Flag: _flag,
    KillQuery: _kill_query,
    Shed: _shed,
    Block: _block,
    Index: _index,
    Park: _park,
    Wait: _wait,
}
