"""The list of all answers, from which the JSON schemas and their page are generated."""

from __future__ import annotations

from labctl.actions import (
    catalogue,
    changes,
    debrief,
    doctor,
    down,
    heal,
    incident,
    logs,
    metrics,
    mitigate,
    setup,
    sql,
    status,
    topology,
    traces,
    up,
    vocabulary,
)
from labctl.actions.answer import Answer
from labctl.model.mitigation import VERBS

ANSWERS: dict[str, tuple[type[Answer], ...]] = {
    "up": (up.Up,),
    "status": (status.Status,),
    "heal": (heal.Heal,),
    "down": (down.Down,),
    "doctor": (doctor.Doctor,),
    "setup": (setup.Setup,),
    "break": (incident.Incident,),
    "page": (incident.Incident,),
    "submit": (incident.Verdict,),
    "vocabulary": (vocabulary.Vocabulary,),
    "debrief": (debrief.Debrief,),
    "mitigate list": (mitigate.Catalogue,),
    **dict.fromkeys((*(f"mitigate {each.verb}" for each in VERBS), "mitigate undo"), (mitigate.Taken,)),
    "metrics": (metrics.Values, metrics.Curves),
    "logs": (logs.Logs,),
    "traces": (traces.Traces,),
    "trace": (traces.Trace,),
    "changes": (changes.Changes,),
    "diff": (changes.Difference,),
    "topology": (topology.Topology,),
    "sql": (sql.Rows,),
    "faults list": (catalogue.Faults,),
    "faults check": (catalogue.Checked,),
}
"""The answers of each command that has --json."""
