"""What may be given to an action: a pydantic model each, which reads strictly, and describes itself for OpenAPI."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from labctl.actions.served import Parameter, Served, parameters
from labctl.base.errors import InputError

MOST_TEXT = 20_000
MOST_PIECES = 20
MOST_NUMBER = 2**53 - 1
"""Whole numbers beyond are not the same in every program that reads JSON."""
TEXTS = {
    "alert": "The alert's name; empty for that of the last page.",
    "query": "A PromQL query.",
    "span": "A curve over the last 90s, 5m, 1h, …",
    "step": "The time between two points of a curve, such as 5s; empty for about 240 points.",
    "service": "A service, such as payments; of a search, empty for all.",
    "grep": "A regular expression that a line matches.",
    "trace": "The beginning of a trace's id.",
    "trace_id": "The beginning of a trace's id.",
    "level": "Lines of this level and worse: warn, error, …",
    "since": "How far back: 90s, 5m, 1h, …; of changes, empty for all.",
    "limit": "At most so many.",
    "operation": "A part of an operation's name.",
    "min_ms": "With a span at least this long.",
    "errors": "Only with a span that failed.",
    "window": "Figures over the last 30s, 5m, …",
    "old": "A version; empty for the last change.",
    "new": "A later version.",
    "back": "How many changes before the last one.",
    "statement": "One SQL statement; the role can only read.",
    "kind": "checkout, lookup, history or refund.",
    "customer": "Who pays.",
    "merchant": "Who is paid, or asks for its payments.",
    "amount": "How much, in cents.",
    "scheme": "visa, mastercard or amex.",
    "payment": "The id of a payment; empty for the last one that was tried.",
    "text": "Plain text.",
    "number": "The number that it was given.",
    "bearing": "supported or ruled-out; open where evidence is only pinned.",
    "evidence": "Pieces: promql:QUERY, trace:ID, log:REGEX, log:{SERVICE} REGEX, or #7 for look-up 7.",
    "pieces": "Pieces of evidence, as `submit` takes them.",
    "tried": "Whether to look the pieces up now; nothing is judged.",
    "verb": "A step that `mitigations` lists.",
    "arguments": "What the step takes, in the order of its form, such as [\"payments\", \"cpu=1\"].",
    "component": "Where: a word of the vocabulary.",
    "trigger": "What changed: a word of the vocabulary.",
    "mechanism": "How it hurts: a word of the vocabulary.",
    "impact": "Who feels it, and how: words of the vocabulary.",
    "because": "The reasoning: kept for the debrief, never graded.",
    "how_much": "How many requests feel it, 1%-5%, or how long they wait, 300ms-1s.",
    "give_up": "End the open incident first, without the right answer.",
    "draft": "The draft, even where somebody has written something.",
    "track": "Only of this category or track.",
    "drill": "Only the incidents of a drill.",
}  # fmt: skip
BOUNDS = {"limit": (1, 5000), "back": (0, 10_000), "number": (1, MOST_NUMBER)}


@cache
def model_of(row: Served) -> type[BaseModel]:
    """Return the model of what an action is called with."""
    fields: dict[str, Any] = {each.name: _field(each) for each in parameters(row)}
    return create_model(row.name, __config__=ConfigDict(extra="forbid", strict=True, title=row.name), **fields)


def read(row: Served, body: bytes) -> dict[str, Any]:
    """Return the values that a body gives, those that it leaves out excepted. Raises InputError."""
    return read_as(model_of(row), body)


def read_as(model: type[BaseModel], body: bytes) -> dict[str, Any]:
    """Return the values that a body gives to a model. Raises InputError."""
    try:
        found = model.model_validate_json(body or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{where}: {first['msg']}" if where else str(first["msg"]),
            expected="a JSON object with what openapi.json says",
        ) from error
    return {name: getattr(found, name) for name in found.model_fields_set}


def _field(each: Parameter) -> Any:  # noqa: ANN401 - as pydantic takes it: a type and a default
    kind, more = each.kind, dict[str, Any]()
    if kind is str:
        more["max_length"] = MOST_TEXT
    elif kind is int:
        more["ge"], more["le"] = BOUNDS.get(each.name, (-MOST_NUMBER, MOST_NUMBER))
    elif kind is float:
        more["allow_inf_nan"] = False
    elif kind not in (bool,) and not isinstance(kind, type):
        kind, more = list[Annotated[str, Field(max_length=MOST_TEXT)]], {"max_length": MOST_PIECES}
    default = ... if each.required else list(each.default) if isinstance(each.default, tuple) else each.default
    return Annotated[kind, Field(description=TEXTS[each.name], **more)], default
