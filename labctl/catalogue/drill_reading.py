"""Reads a drill's plan from YAML; what is wrong is said with file, line and field."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from labctl.base.errors import CatalogueError, InputError
from labctl.base.times import parse_duration, show_clock
from labctl.model import drill
from labctl.model.drill import Plan, Planned
from labctl.model.surroundings import FOGS

PLAN_FIELDS = ("title", "about", "incidents")
INCIDENT_FIELDS = ("fault", "draw", "fog", "limit", "break")
DRAW_FIELDS = ("track", "difficulty", "seed")
DIFFICULTIES = range(1, 6)
MOST_INCIDENTS = 100
MAX_SEED = 2**32


@dataclass(frozen=True)
class _Part:
    """A node of the file, and the field that it is the value of."""

    file: str
    field: str
    node: yaml.Node

    def wrong(self, what: str, expected: str) -> CatalogueError:
        """Return the error for this part."""
        line = self.node.start_mark.line + 1
        return CatalogueError(f"{self.file}, line {line}: {self.field}: {what}", expected=expected)

    def fields(self, known: Collection[str]) -> dict[str, _Part]:
        """Return the parts of a mapping by name. Raises CatalogueError for a name that is not known, or comes twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("is no mapping", f"fields: {', '.join(known)}")
        found: dict[str, _Part] = {}
        for key, value in self.node.value:
            name = str(key.value)
            part = _Part(self.file, f"{self.field}.{name}" if self.field != "plan" else name, key)
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                raise part.wrong(
                    "no such field", f"did you mean '{near[0]}'?" if near else f"one of {', '.join(known)}"
                )
            if name in found:
                raise part.wrong("is there twice", "each field once")
            found[name] = _Part(part.file, part.field, value)
        return found

    def items(self) -> Iterator[_Part]:
        """Yield the parts of a list."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.wrong("is no list of incidents", "at least one")
        if len(self.node.value) > MOST_INCIDENTS:
            raise self.wrong(f"has {len(self.node.value)} incidents", f"at most {MOST_INCIDENTS}")
        for number, node in enumerate(self.node.value, start=1):
            yield _Part(self.file, f"{self.field}[{number}]", node)

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.wrong("is no text", "a word or a sentence")
        return str(self.node.value).strip()

    def one_of(self, known: Collection[str]) -> str:
        """Return one of these words."""
        if (word := self.text()) not in known:
            near = difflib.get_close_matches(word, known, n=1)
            raise self.wrong(f"'{word}' is not known", f"did you mean '{near[0]}'?" if near else " or ".join(known))
        return word

    def number(self, low: int, high: int) -> int:
        """Return a whole number between two."""
        try:
            number = int(self.text())
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise self.wrong(f"'{self.text()}' is not allowed", f"a whole number from {low} to {high}")
        return number

    def seconds(self, low: float, high: float) -> float:
        """Return a duration's seconds."""
        try:
            seconds = parse_duration(self.text())
        except InputError as error:
            raise self.wrong(f"'{self.text()}' is not a duration", error.expected) from error
        if not low <= seconds <= high:
            raise self.wrong(f"{self.text()} is out of range", f"from {show_clock(low)} to {show_clock(high)}")
        return seconds


def read(text: str, file: str) -> Plan:
    """Return the plan that a text states. Raises CatalogueError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        said = getattr(error, "problem", None) or str(error)
        raise CatalogueError(f"{file}{where}: {said}", expected="YAML") from error
    except RecursionError as error:
        raise CatalogueError(f"{file}: it is nested too deep", expected="a plan as the documentation shows") from error
    if node is None:
        raise CatalogueError(f"{file} is empty", expected=f"fields: {', '.join(PLAN_FIELDS)}")
    plan = _Part(file, "plan", node)
    fields = plan.fields(PLAN_FIELDS)
    for needed in ("title", "incidents"):
        if needed not in fields:
            raise plan.wrong(f"{needed} is missing", f"fields: {', '.join(PLAN_FIELDS)}")
    about = fields["about"].text() if "about" in fields else ""
    return Plan(fields["title"].text(), about, tuple(map(_incident, fields["incidents"].items())))


def _incident(part: _Part) -> Planned:
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
