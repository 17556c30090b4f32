"""Reads a drill's plan from YAML; what is wrong is said with file, line and field."""

from __future__ import annotations

from labctl.base.yaml_parts import Part, whole
from labctl.model import drill
from labctl.model.drill import Plan, Planned
from labctl.model.surroundings import FOGS

PLAN_FIELDS = ("title", "about", "incidents")
INCIDENT_FIELDS = ("fault", "draw", "fog", "limit", "break")
DRAW_FIELDS = ("track", "difficulty", "seed")
DIFFICULTIES = range(1, 6)
MOST_INCIDENTS = 100
MAX_SEED = 2**32


def read(text: str, file: str) -> Plan:
    """Return the plan that a text states. Raises CatalogueError."""
    plan = whole(text, file, PLAN_FIELDS)
    fields = plan.fields(PLAN_FIELDS)
    for needed in ("title", "incidents"):
        if needed not in fields:
            raise plan.wrong(f"{needed} is missing", f"fields: {', '.join(PLAN_FIELDS)}")
    about = fields["about"].text() if "about" in fields else ""
    return Plan(fields["title"].text(), about, incidents(fields["incidents"]))


def incidents(part: Part) -> tuple[Planned, ...]:
    """Return the incidents that a list states. Raises CatalogueError."""
    return tuple(map(_incident, part.items("incidents", MOST_INCIDENTS)))


def _incident(part: Part) -> Planned:
    fields = part.fields(INCIDENT_FIELDS)
    if ("fault" in fields) == ("draw" in fields):
        raise part.wrong("needs either a fault or a draw", "fault: ID, or draw: {track: …, difficulty: …, seed: …}")
    draw = fields["draw"].fields(DRAW_FIELDS) if "draw" in fields else {}
    limits = (drill.SHORTEST_LIMIT_S, drill.LONGEST_LIMIT_S)
    return Planned(
        fault=fields["fault"].text() if "fault" in fields else None,
        track=draw["track"].text() if "track" in draw else None,
        difficulty=draw["difficulty"].number(1, max(DIFFICULTIES)) if "difficulty" in draw else None,
        seed=draw["seed"].number(0, MAX_SEED) if "seed" in draw else None,
        fog=fields["fog"].one_of(FOGS) if "fog" in fields else None,
        limit_s=fields["limit"].seconds(*limits) if "limit" in fields else drill.DEFAULT_LIMIT_S,
        break_s=fields["break"].seconds(1, drill.LONGEST_BREAK_S) if "break" in fields else 0.0,
    )
