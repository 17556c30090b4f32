"""The JSON Schema of a drill's plan, for editors; `make docs` writes it. Plans are checked by `drill_reading`."""

from __future__ import annotations

from typing import Any

from labctl.catalogue import drill_reading
from labctl.model.surroundings import FOGS

FILE = "labctl.drill-plan-1.json"
_DURATION = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$"}


def schema() -> dict[str, Any]:
    """Return the schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "labctl.drill-plan/1",
        "description": "Incidents that `labctl drill run` plays in order.",
        **_object(
            {
                "title": _text("The drill's name, for people."),
                "about": _text("What it is for."),
                "incidents": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": drill_reading.MOST_INCIDENTS,
                    "items": _incident(),
                },
            }
        ),
        "required": ["title", "incidents"],
    }


def _incident() -> dict[str, Any]:
    draw = {
        "track": _text("Only faults of this category or track."),
        "difficulty": {"type": "integer", "enum": list(drill_reading.DIFFICULTIES)},
        "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": drill_reading.MAX_SEED,
            "description": "The same number draws the same incident.",
        },
    }
    return {
        **_object(
            {
                "fault": _text("The id of a fault: whoever reads the plan knows the answer."),
                "draw": {**_object(draw), "description": "Let labctl choose, and tell nobody what."},
                "fog": {
                    "type": "string",
                    "enum": list(FOGS),
                    "description": "How incomplete the telemetry is: if not given, hazy for a draw.",
                },
                "limit": {**_DURATION, "description": "It ends so long after the page: 15m to 30m, 20m if not given."},
                "break": {**_DURATION, "description": "The rest after it, such as 5m."},
            }
        ),
        "oneOf": [{"required": ["fault"]}, {"required": ["draw"]}],
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": description}
