"""Whether every field of a fault has the type that `labctl/model/fault.py` gives it: Python itself does not check.

Usual mistakes: plain text in place of a vocabulary's word, a tuple without its comma, a set for a frozenset.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from labctl.model.fault import Fault, takes

Hint: TypeAlias = Any
"""A type, or one with parts such as tuple[str, ...]: nothing narrower describes both."""

Mistyped = tuple[str, str]
"""The field, such as chain[2].probe, and what is wrong with it."""


def mistyped(fault: Fault) -> Iterator[Mistyped]:
    """Yield the fields whose values have the wrong type."""
    yield from _fields(fault, "")
    step = fault.inject
    if callable(step) and not any(takes(step, count) for count in (1, 2)):
        yield "inject", "takes neither a lab and a draw, as in inject(lab, draw), nor a lab alone"
    elif callable(step) and fault.varies and not takes(step, 2):
        yield "inject", "takes a lab alone, as though nothing varied: let it take (lab, draw), and ask draw.of(RANGE)"
    if inspect.iscoroutinefunction(step) or inspect.isgeneratorfunction(step):
        yield "inject", "does nothing when it is called: it is async, or a generator"


def _fields(thing: object, path: str) -> Iterator[Mistyped]:
    hints = get_type_hints(type(thing))
    for field in dataclasses.fields(thing):  # type: ignore[arg-type]
        yield from _check(getattr(thing, field.name), hints[field.name], f"{path}{field.name}")


def _check(value: object, wanted: Hint, path: str) -> Iterator[Mistyped]:
    kind, parts = _taken_apart(wanted)
    if kind in (types.UnionType, Union):
        found = [list(_check(value, part, path)) for part in parts]
        yield from min(found, key=len)
    elif not _is(value, kind):
        yield path, f"holds {_article(type(value).__name__)}, expected {_named(wanted)}"
    elif kind in (tuple, frozenset):
        items: Iterable[object] = value if isinstance(value, tuple) else sorted(value, key=str)  # type: ignore[call-overload]
        for number, item in enumerate(items):
            yield from _check(item, parts[0], f"{path}[{number}]")
    elif dataclasses.is_dataclass(value):
        yield from _fields(value, f"{path}.")


def _taken_apart(wanted: Hint) -> tuple[Hint, tuple[Hint, ...]]:
    origin: Hint = get_origin(wanted)
    return origin or wanted, get_args(wanted)


def _is(value: object, kind: Hint) -> bool:
    if kind is Callable:
        return callable(value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _named(wanted: Hint) -> str:
    kind, parts = _taken_apart(wanted)
    if kind in (tuple, frozenset):
        return f"a {kind.__name__} of {getattr(parts[0], '__name__', parts[0])}"
    return "a function" if kind is Callable else _article(kind.__name__)


def _article(name: str) -> str:
    if name == "NoneType":
        return "nothing"
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
