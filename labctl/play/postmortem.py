"""A postmortem draft in five sections, as Markdown: known facts are filled in, the learner writes the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labctl.base.markdown import plain
from labctl.base.times import iso, show_clock
from labctl.base.units import number
from labctl.model.incident import Status
from labctl.model.vocabulary import Trigger
from labctl.play.debrief import Debrief
from labctl.play.postmortem_check import SECTIONS
from labctl.play.timeline import Kind
from labctl.state.change_feed import Change

_PREVENTION = {
    Trigger.CODE_RELEASE: "Cover the regression with a test, and release {component} to a small share of traffic first",
    Trigger.CONFIGURATION_CHANGE: "Check {component}'s settings against limits, and roll changes of them out in steps",
    Trigger.FEATURE_FLAG: "Open {component}'s flags to a small share of traffic first",
    Trigger.SCHEMA_MIGRATION: "Run migrations against a copy of production, and compare query plans before and after",
    Trigger.BAD_DATA: "Validate what {component} takes in, and set aside what it can't process",
    Trigger.SCHEDULED_JOB: "Bound how long {component} may hold what others wait for",
    Trigger.TRAFFIC_CHANGE: "Bound what one client may ask of {component}, and shed load before it queues",
    Trigger.DEPENDENCY_DEGRADATION: "Bound the wait for {component}, and agree on what happens without it",
    Trigger.INFRASTRUCTURE_FAILURE: "Make {component} survive this failure, and rehearse it",
    Trigger.CREDENTIAL_EXPIRY: "Renew {component}'s credentials before they expire, and alert on their age",
    Trigger.NOTHING: "Tune the alert that paged without a cause",
}
WRITTEN = SECTIONS[:-1]
"""The sections that are text; the last one is a table of action items. A draft leaves its owners and due dates open:
they are people's to agree on."""
_RESOLVED = {
    Status.SOLVED: "The root cause was named",
    Status.LOCKED: "The root cause was not found: the incident was locked after too many wrong submissions",
    Status.GIVEN_UP: "The root cause was not found: the incident was given up",
    Status.TIMED_OUT: "The root cause was not found: the time ran out",
}


@dataclass(frozen=True)
class ActionItem:
    """What is to be done, by whom, until when: a date such as 2031-05-30, or what somebody wrote instead."""

    action: str
    owner: str = ""
    due: str = ""


@dataclass(frozen=True)
class Postmortem:
    """A postmortem in its parts: a title, a line about it, four sections in Markdown by their names, action items."""

    title: str
    about: str
    sections: Mapping[str, str]
    items: tuple[ActionItem, ...]

    @property
    def text(self) -> str:
        """The whole as Markdown."""
        rows = ((each.action, each.owner, each.due) for each in self.items)
        parts = [f"# {self.title}", self.about]
        for name in WRITTEN:
            parts += [f"## {name}", self.sections[name]]
        parts += [f"## {SECTIONS[-1]}", _table(("Action", "Owner", "Due date"), rows)]
        return "\n\n".join(each.strip() for each in parts if each.strip()) + "\n"


def postmortem(debrief: Debrief, changes: Iterable[Change], healed_at: float | None) -> Postmortem:
    """Return the draft; `changes` are those of the change feed around the incident, `healed_at` in epoch seconds."""
    incident = debrief.incident
    timeline, root_cause, impact, resolution = WRITTEN
    return Postmortem(
        f"Postmortem: {plain(incident.page.summary if incident.page else incident.id)}",
        f"Incident {incident.id}, draft. Status: to be reviewed. Times are UTC.",
        {
            timeline: _table(("When", "What"), _timeline(debrief, changes, healed_at)),
            root_cause: _root_cause(debrief),
            impact: _impact(debrief),
            resolution: _resolution(debrief, healed_at),
        },
        tuple(map(ActionItem, _action_items(debrief))),
    )


def _timeline(debrief: Debrief, changes: Iterable[Change], healed_at: float | None) -> list[tuple[str, str]]:
    incident = debrief.incident
    events = [(each.at, f"{each.component}: {each.kind} by {each.author}: {each.title}") for each in changes]
    for link in debrief.chain:
        if link.onset_s is not None:
            events.append((incident.injected_at + link.onset_s, f"{link.component}: {link.claim}"))
    if incident.page:
        events.append((incident.page.at, f"page: {incident.page.summary}"))
    looked = (each for each in debrief.timeline if each.kind is Kind.LOOK_UP)
    events += [(each.at, f"looked at: {each.what.partition(' ')[2]}") for each in looked]
    events += [(each.at, f"status update: {each.text}") for each in debrief.written.updates]
    events += [(each.at, f"note: {each.text}") for each in debrief.written.notes]
    events += [(each.at, "submission: " + ("root cause" if each.right else "wrong")) for each in incident.attempts]
    if healed_at is not None:
        events.append((healed_at, "the lab is healed"))
    return [(iso(at)[11:19], plain(what)) for at, what in sorted(events)]


def _root_cause(debrief: Debrief) -> str:
    cause = debrief.fault.root_cause
    chain = "\n".join(f"{i}. {link.component}: {link.claim}" for i, link in enumerate(debrief.chain, start=1))
    words = f"Component `{cause.component}`, trigger `{cause.trigger}`, mechanism `{cause.mechanism}`."
    return f"{words}\n\n{debrief.fault.story.strip()}\n\n{chain}"


def _impact(debrief: Debrief) -> str:
    felt = debrief.chain[-1]
    began = debrief.incident.injected_at + (felt.onset_s or 0.0)
    lasted_s = max(0.0, (debrief.incident.ended_at or began) - began)
    words = ", ".join(f"`{each}`" for each in sorted(debrief.fault.impact))
    figures = f"{number(felt.value, felt.unit)} (healthy: {number(felt.baseline, felt.unit)})"
    return f"{words}. {felt.probe}: {figures}, for {show_clock(lasted_s)} until the incident ended."


def _resolution(debrief: Debrief, healed_at: float | None) -> str:
    healed = f"The lab was healed at {iso(healed_at)[11:19]}." if healed_at else "The lab is not healed yet."
    told = f"{_RESOLVED[debrief.incident.status]}, {show_clock(debrief.clock_s)} on the clock. {healed}"
    return " ".join((told, *_mitigated(debrief)))


def _mitigated(debrief: Debrief) -> Iterable[str]:
    if debrief.mitigated.steps:
        yield f"For the users: {', '.join(each.step for each in debrief.mitigated.steps)}."
    if debrief.mitigated.time_to_mitigate_s is not None:
        yield f"Time to mitigate: {show_clock(debrief.mitigated.time_to_mitigate_s)}."


def _action_items(debrief: Debrief) -> tuple[str, ...]:
    cause, page = debrief.fault.root_cause, debrief.incident.page
    paged_s = page.at - debrief.incident.injected_at if page else 0.0
    dated = [link for link in debrief.chain if link.onset_s is not None]
    early = min(dated[:-1] or dated, key=lambda link: link.onset_s or 0.0, default=debrief.chain[0])
    lead = paged_s - (early.onset_s or paged_s)
    return (
        _PREVENTION[cause.trigger].format(component=cause.component),
        f"Alert on '{early.probe}', which moved {show_clock(lead)} before the page",
        f"Put '{debrief.chain[-2].probe}' and '{early.probe}' side by side on one dashboard",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
