"""The cause of an incident as data sets of root causes write it: injection.json, causal_graph.json, env.json."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from labctl.base.times import iso
from labctl.export.case import Case
from labctl.play.debrief import Debrief, MeasuredLink

Json = dict[str, Any]
NAMESPACE = "labctl"


def environment(case: Case) -> Json:
    """Return env.json: the windows' ends in epoch seconds, which such files hold as text."""
    return {
        "NORMAL_START": f"{case.normal.start:.0f}",
        "NORMAL_END": f"{case.normal.end:.0f}",
        "ABNORMAL_START": f"{case.abnormal.start:.0f}",
        "ABNORMAL_END": f"{case.abnormal.end:.0f}",
        "TIMEZONE": "UTC",
        "NAMESPACE": NAMESPACE,
    }


def injection(case: Case, story: Debrief) -> Json:
    """Return injection.json: what was broken, where, since when."""
    fault = story.fault
    return {
        "injection_name": case.incident,
        "fault_type": fault.id,
        "title": fault.title,
        "category": str(fault.category),
        "start_time": iso(story.incident.injected_at),
        "end_time": iso(case.abnormal.end),
        "ground_truth": {"service": [str(fault.root_cause.component)]},
        "root_cause": {
            "component": str(fault.root_cause.component),
            "trigger": str(fault.root_cause.trigger),
            "mechanism": str(fault.root_cause.mechanism),
        },
        "impact": sorted(map(str, fault.impact)),
        "blast_radius": sorted(map(str, fault.blast_radius)),
        "drawn": dict(story.incident.drawn),
    }


def causal_graph(story: Debrief) -> Json:
    """Return causal_graph.json: the links of the chain as measured, in order; an edge from each to the next."""
    nodes = [_node(link, story) for link in story.chain]
    pairs = {(first["component"], then["component"]): None for first, then in pairwise(nodes)}
    edges = [{"source": source, "target": target, "kind": "affects"} for source, target in pairs if source != target]
    cause = str(story.fault.root_cause.component)
    return {
        "nodes": nodes,
        "edges": edges,
        "root_causes": [each for each in nodes if each["component"] == cause][:1]
        or [{"component": cause, "kind": "service", "state": [], "timestamp": None}],
        "component_to_service": {each["component"]: each["component"] for each in nodes},
    }


def _node(link: MeasuredLink, story: Debrief) -> Json:
    at = None if link.onset_s is None else round(story.incident.injected_at + link.onset_s)
    return {"component": link.component, "kind": "service", "state": [link.claim], "timestamp": at}
