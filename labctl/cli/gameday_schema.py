"""The JSON Schema of a game day's plan, for editors; `make docs` writes it. `labctl/gameday/plan.py` checks plans."""

from __future__ import annotations

from typing import Any

from labctl.cli import drill_schema
from labctl.gameday import curveballs, plan
from labctl.gameday.model import LOCAL, SWARM

FILE = "labctl.gameday-plan-1.json"


def schema() -> dict[str, Any]:
    """Return the schema."""
    drill = drill_schema.schema()["properties"]["incidents"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "labctl.gameday-plan/1",
        "description": "A training day for several teams, which `labctl gameday up` starts.",
        **_object(
            {
                "title": _text("What the game day is called, for people."),
                "name": _name("What its labs' names begin with: made of the title if not given."),
                "teams": _list(_team(), plan.MOST_TEAMS),
                "drill": _text("What is played: a name of `labctl drill list`, or the file of a drill's plan."),
                "incidents": {**drill, "description": "What is played, in place of a drill."},
                "rps": _number(1, 200, "Requests per second in each lab; 5 if not given."),
                "spares": _number(0, plan.MOST_SPARES, "Labs that stand by for one that gets sick; 1 if not given."),
                "hosts": {
                    "description": "Where the labs are: on this host if not given, or on the nodes of its swarm.",
                    "oneOf": [{"enum": [LOCAL, SWARM]}, _list(_object({"name": {"const": LOCAL}}), 1)],
                },
                "hub": _hub(),
                "curveballs": _list(_curveball(), curveballs.MOST),
            }
        ),
        "required": ["title", "teams"],
        "oneOf": [{"required": ["drill"]}, {"required": ["incidents"]}],
    }


def _team() -> dict[str, Any]:
    members = {**_list(_text("A name."), plan.MOST_MEMBERS), "description": "If given, only they can join."}
    return {**_object({"name": _name("The team."), "members": members}), "required": ["name"]}


def _curveball() -> dict[str, Any]:
    return {
        **_object(
            {
                "at": _text("When on the clock of each team's incident, such as 5m."),
                "text": _text("What is said."),
                "from": _text("Who says it; instructor if not given."),
                "round": {"type": "integer", "minimum": 1, "description": "In which round; 1 if not given."},
                "team": _name("To which team; to all if not given."),
                "answer": {"type": "boolean", "description": "Whether it wants an answer; true if not given."},
            }
        ),
        "required": ["at", "text"],
    }


def _hub() -> dict[str, Any]:
    address = "An address of this host to listen on: 127.0.0.1 if not given, 0.0.0.0 for all of them."
    return {
        **_object(
            {
                "bind": _text(address),
                "port": _number(1, 65535, "8080 if not given."),
                "url": _text("What people open, with the path if there is one, such as https://training.example/day."),
                "certificate": _text("The file of a TLS certificate, in PEM form."),
                "key": _text("The file of its key."),
                "proxies": {
                    **_list(_text("An address."), 16),
                    "description": "Reverse proxies whose X-Forwarded-For, -Proto and -Host count.",
                },
            }
        ),
        "dependentRequired": {"certificate": ["key"], "key": ["certificate"]},
    }


def _name(description: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{plan.NAME.pattern}$", "description": description}


def _number(low: int, high: int, description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high, "description": description}


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": items}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": description}
