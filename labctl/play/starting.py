"""Starts an incident: a fault is injected into a healthy lab, and the clock starts with the page."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from labctl.base import boot_clock
from labctl.base.errors import LabStateError, WaitTimeoutError
from labctl.health import baseline, paging
from labctl.lab.lab import Lab
from labctl.model.draw import Draw
from labctl.model.fault import Fault
from labctl.model.incident import Incident, Page
from labctl.model.surroundings import NOTHING_AROUND, Surroundings
from labctl.operate import injection
from labctl.play import played
from labctl.play.stored import next_id, require_none, save
from labctl.state import reserve

PAGE = "page"
"""The kind of the journal's entry of a page; payload: {"incident", "alert", "summary", "break_s"}, the last of them the
seconds from the beginning of `labctl break` to the page, or null."""


def require_fit(lab: Lab, fault: Fault) -> None:
    """Raise LabStateError when the lab's load is too small, or its host too fast or slow, for the fault to show."""
    if lab.rps < fault.load.min_rps:
        raise LabStateError(
            f"the lab runs at {lab.rps:g} requests/s, too few for this fault to show",
            expected=f"at least {fault.load.min_rps:g} requests/s",
            todo=f"run `labctl up{lab.option} --rps {fault.load.min_rps:g}`",
        )
    if reason := fault.unfit(lab.rps, lab.speed):
        raise LabStateError(
            f"the fault would not show: {reason}",
            expected=fault.host.told,
            todo="choose another one: `labctl faults --spoilers` says which this host shows",
        )


def _silent(detail: str) -> None:
    del detail


@dataclass(frozen=True)
class Others:
    """What everybody else does around an injection; by default nothing."""

    before: Callable[[Lab, Fault, int | None], Surroundings] = lambda _lab, _fault, _seed: NOTHING_AROUND
    """Is called just before it, with the seed that was given; returns what it has put around the fault."""
    meanwhile: Callable[[Lab, Fault], None] = lambda _lab, _fault: None
    """Is called just after it, before there is a page."""


NOBODY = Others()


def start(
    lab: Lab,
    fault: Fault,
    seed: int | None = None,
    update: Callable[[str], None] = _silent,
    others: Others = NOBODY,
    *,
    hidden: bool = False,
    limit_s: float | None = None,
    fog: str | None = None,
) -> Incident:
    """Inject a fault, which `seed` may have chosen, and return the incident as soon as an alert pages.

    `update` is told how far that has got; `others` work in the lab, too. `hidden` says that nobody named the fault.
    `limit_s` seconds after the page, the incident ends. `fog` lies over the telemetry until the lab is healed.

    Raises SickLabError when the lab is not healthy, HostError where a full disk would keep it broken, WaitTimeoutError
    when no page comes; the lab is healed then.
    """
    require_none(lab)
    require_fit(lab, fault)
    reserve.require()
    healthy = baseline.settled(lab, fog=fog)
    practice = played.before().knows(fault.id, seed)
    around = _prepare(lab, fault, seed, fog, others)
    anchor = boot_clock.anchor()
    incident = Incident(
        next_id(lab),
        fault.id,
        healthy,
        anchor.wall,
        anchor=anchor,
        seed=seed,
        practice=practice,
        hidden=hidden,
        limit_s=limit_s,
        around=around,
    )
    save(lab, incident)
    draw = _draw(seed)

    def inject() -> None:
        injection.inject(lab, fault, draw)
        others.meanwhile(lab, fault)

    page = _break(lab, incident, fault, inject, update)
    around = replace(around, cause=tuple(injection.feed_of(lab)))
    return _paged(lab, replace(incident, around=around, drawn=draw.drawn), page)


def _paged(lab: Lab, incident: Incident, page: Page) -> Incident:
    paged = incident.paged(page)
    save(lab, paged)
    told = {"incident": paged.id, "alert": page.alert, "summary": page.summary, "break_s": paged.break_s}
    lab.store.journal.append(PAGE, told)
    return paged


def _prepare(lab: Lab, fault: Fault, seed: int | None, fog: str | None, others: Others) -> Surroundings:
    """Do what comes before the injection."""
    try:
        if fog is not None:
            lab.fog.change(fog)
        level = lab.fog.level
        return replace(others.before(lab, fault, seed), fog=level, left_out=lab.fog_file.settings_of(level))
    except BaseException:
        injection.heal(lab)
        raise


def _draw(seed: int | None) -> Draw:
    """Return the draw of what varies in the fault: the same for a seed on every machine, else a new one each time."""
    return Draw(f"{secrets.token_hex(8) if seed is None else seed}/fault")


def _break(
    lab: Lab, incident: Incident, fault: Fault, inject: Callable[[], None], update: Callable[[str], None]
) -> Page:
    """Inject the fault and return the page; without one, and when interrupted, the lab is healed."""
    try:
        inject()
        left = fault.page_due_s(lab.rps) - (time.time() - incident.injected_at)
        page = paging.await_page(lab.metrics, incident.injected_at, max(0.0, left))
    except BaseException as stopped:
        if isinstance(stopped, KeyboardInterrupt):
            update("interrupted: healing the lab; Ctrl-C again leaves that to the next command")
        _abandon(lab, incident)
        raise
    if page is None:
        _abandon(lab, incident)
        raise _no_page(fault.page_due_s(lab.rps))
    return page


def _abandon(lab: Lab, incident: Incident) -> None:
    injection.heal(lab)
    save(lab, incident.void(time.time()))


def _no_page(due_s: float) -> WaitTimeoutError:
    return WaitTimeoutError(
        f"no page came within {due_s:.0f} s, so there is no incident; the lab was healed",
        expected="an alert with severity=page",
        todo="check the load with `labctl status`, then run `labctl break` again",
    )
