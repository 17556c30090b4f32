"""Which actions a room serves to terminals and programs elsewhere: the one table of the API.

Nothing sealed is among them before an incident's end, and nothing that touches the host. Each is called with flat
values: the fields of a dataclass among an action's parameters stand beside its other parameters.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

from labctl.actions.answer import Answer
from labctl.base.errors import InputError

API_PATH = "api/v1/"
"""Below a room's own path, and below a game day's."""
LAB = "name"
"""The parameter that says which lab: a room has one."""
CATALOGUE = "folder"
"""The parameter that names a folder with faults of one's own: code of the caller's, which runs nowhere else."""


@dataclass(frozen=True)
class Served:
    """One action: its name below the API's path, and its function, "<module below labctl.actions>.<function>"."""

    name: str
    function: str
    changes: bool = False
    """Whether it does more than look."""
    slow: bool = False
    """Whether it may take more than a moment."""
    inside: frozenset[str] = frozenset()
    """Parameters that only callers in the same process have."""
    alone: bool = False
    """Whether only a room of one's own serves it: it tells of every lab of its host."""
    outward: str = ""
    """The function beside it that leaves out of its answer what is of no use elsewhere."""

    def load(self) -> Callable[..., Answer]:
        """Import the action."""
        return self._beside(self.function.partition(".")[2])

    def told(self, answer: Answer) -> Answer:
        """Return an answer as it is told elsewhere."""
        return self._beside(self.outward)(answer) if self.outward else answer

    def answers(self) -> tuple[type[Answer], ...]:
        """Return what it may answer."""
        kind = get_type_hints(self.load())["return"]
        return get_args(kind) or (kind,)

    def _beside(self, function: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(
            import_module(f"labctl.actions.{self.function.partition('.')[0]}"), function
        )
        return found


UNTIL = frozenset({"until"})
SERVED: tuple[Served, ...] = (
    Served("status", "status.status", outward="seen_from_elsewhere"),
    Served("page", "incident.page"),
    Served("paging", "alerts.paging_now"),
    Served("runbook", "runbook.runbook"),
    Served("vocabulary", "vocabulary.vocabulary"),
    Served("metrics", "metrics.values"),
    Served("metrics-range", "metrics.curves", inside=UNTIL),
    Served("logs", "logs.logs", inside=UNTIL),
    Served("traces", "traces.traces", inside=UNTIL),
    Served("trace", "traces.spans_of"),
    Served("topology", "topology.topology"),
    Served("changes", "changes.changes"),
    Served("diff", "changes.diff"),
    Served("sql", "sql.rows"),
    Served("lookups", "lookups.lookups"),
    Served("notes", "logbook.notes"),
    Served("hypotheses", "logbook.hypotheses"),
    Served("updates", "logbook.status_updates"),
    Served("mitigations", "mitigate.catalogue"),
    Served("evidence", "incident.evidence"),
    Served("leaderboard", "leaderboard.leaderboard", alone=True),
    Served("try", "trying.attempt", changes=True),
    Served("note", "logbook.note", changes=True),
    Served("hypothesis-add", "logbook.add_hypothesis", changes=True),
    Served("hypothesis-bear", "logbook.bear", changes=True),
    Served("update", "logbook.update", changes=True),
    Served("mitigate", "typed_steps.take", changes=True, slow=True),
    Served("mitigate-undo", "mitigate.undo", changes=True, slow=True),
    Served("submit", "incident.submit_words", changes=True, slow=True),
    Served("give-up", "debrief.give_up", changes=True, slow=True),
    Served("debrief", "debrief.debrief", changes=True, slow=True),
    Served("postmortem", "postmortem.text", changes=True),
)


@dataclass(frozen=True)
class Parameter:
    """A value that an action is called with; `part_of` is the dataclass parameter whose field it is."""

    name: str
    kind: Any
    default: Any
    part_of: str = ""

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is inspect.Parameter.empty


def served(action: Callable[..., Any]) -> Served:
    """Return the row of an action."""
    name = f"{action.__module__.rpartition('.')[2]}.{action.__name__}"
    return next(each for each in SERVED if each.function == name)


@cache
def parameters(row: Served) -> tuple[Parameter, ...]:
    """Return what an action is called with from elsewhere."""
    return tuple(_parameters(row))


def flat(row: Served, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call as JSON types. Raises InputError for what only the lab's host has."""
    known = {each.part_of or each.name for each in parameters(row)} | {LAB}
    for name, value in given.items():
        if name not in known and value is not None:
            what = "a catalogue of your own" if name == CATALOGUE else f"'{name}'"
            raise InputError(
                f"{what} is for labs of this machine",
                expected="neither --catalogue nor LABCTL_CATALOGUE" if name == CATALOGUE else "a call without it",
            )
    whole = {name: value for name, value in given.items() if name in known and name != LAB}
    parts = {name: value for name, value in whole.items() if not dataclasses.is_dataclass(value)}
    for value in whole.values():
        if dataclasses.is_dataclass(value):
            parts |= {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {name: _plain(value) for name, value in parts.items()}


def call(row: Served, lab: str, given: Mapping[str, Any]) -> Answer:
    """Do an action in a lab with values that `flat` made, and return its answer. Raises what the action raises."""
    action, arguments = row.load(), dict[str, Any]()
    hints, taken = get_type_hints(action), inspect.signature(action).parameters
    for each in parameters(row):
        if each.name in given and not each.part_of:
            arguments[each.name] = given[each.name]
    for part in dict.fromkeys(each.part_of for each in parameters(row) if each.part_of):
        fields = {each.name for each in parameters(row) if each.part_of == part}
        arguments[part] = hints[part](**{name: value for name, value in given.items() if name in fields})
    if LAB in taken:
        arguments[LAB] = lab
    bound = inspect.signature(action).bind(**arguments)
    return row.told(action(*bound.args, **bound.kwargs))


def _parameters(row: Served) -> Iterator[Parameter]:
    action = row.load()
    hints = get_type_hints(action)
    for name, each in inspect.signature(action).parameters.items():
        kind = hints[name]
        if name == LAB or name in row.inside or Path in get_args(kind):
            continue
        if dataclasses.is_dataclass(kind):
            yield from _fields(kind, name)
        else:
            yield Parameter(name, kind, each.default)


def _fields(kind: Any, part_of: str) -> Iterator[Parameter]:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
        yield Parameter(field.name, hints[field.name], default, part_of)


def _plain(value: Any) -> Any:  # noqa: ANN401 - one argument
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
