"""A pipeline's stages as functions over entries."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator

from services.telemetry.durations import parse_duration
from services.telemetry.loki import line_format, unwrap
from services.telemetry.loki.entry import Entry
from services.telemetry.loki.extract import parse_json, parse_logfmt
from services.telemetry.loki.patterns import compile_like, compile_pattern, compile_whole
from services.telemetry.loki.syntax import (
    Both,
    Drop,
    Either,
    LabelFilter,
    LineFilter,
    LineFormat,
    LineOp,
    Matcher,
    Parser,
    Stage,
    Unwrap,
)

Step = Callable[[Entry], bool]
"""Changes the entry; whether the entry goes on."""

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def run(stages: Iterable[Stage], entries: Iterable[Entry]) -> Iterator[Entry]:
    """Return the entries that pass every stage."""
    steps = [step_of(stage) for stage in stages]
    for entry in entries:
        if all(step(entry) for step in steps):
            yield entry


def step_of(stage: Stage) -> Step:
    """Return the function of one stage."""
    step: Step
    match stage:
        case Parser():
            step = parse_json if stage is Parser.JSON else parse_logfmt
        case LineFilter():
            step = _line_filter(stage)
        case LabelFilter():
            step = _label_filter(stage)
        case Both() | Either():
            step = _joined(stage)
        case Drop(labels):
            step = _without(labels)
        case Unwrap():
            step = unwrap.step(stage)
        case LineFormat():
            step = line_format.step(stage)
    return step


def _joined(stage: Both | Either) -> Step:
    first, second = step_of(stage.left), step_of(stage.right)
    if isinstance(stage, Both):
        return lambda entry: first(entry) and second(entry)
    return lambda entry: first(entry) or second(entry)


def text_test(op: str, wanted: str) -> Callable[[str], bool]:
    """Return the test of a matcher or a text label filter."""
    if op in ("=", "!="):
        return lambda text: (text == wanted) == (op == "=")
    matches = compile_whole(wanted)
    return lambda text: matches(text) == (op == "=~")


def selects(matchers: Iterable[Matcher], labels: dict[str, str]) -> bool:
    """Whether a stream's labels meet all matchers; a label that is not there is ""."""
    return all(text_test(matcher.op, matcher.value)(labels.get(matcher.label, "")) for matcher in matchers)


def _line_filter(stage: LineFilter) -> Step:
    wanted = stage.op in (LineOp.CONTAINS, LineOp.MATCHES, LineOp.LIKE)
    if stage.op in (LineOp.CONTAINS, LineOp.LACKS):
        return lambda entry: any(text in entry.line for text in stage.texts) == wanted
    make = compile_like if stage.op in (LineOp.LIKE, LineOp.UNLIKE) else compile_pattern
    tests = [make(text) for text in stage.texts]
    return lambda entry: any(test(entry.line) for test in tests) == wanted


def _label_filter(stage: LabelFilter) -> Step:
    if isinstance(stage.value, str):
        test = text_test(stage.op, stage.value)
        return lambda entry: test(entry.get(stage.label))
    compare, number = COMPARE[stage.op], stage.value

    def check(entry: Entry) -> bool:
        text = entry.get(stage.label)
        if not text:
            return False
        try:
            return compare(_number(text), number)
        except ValueError as error:
            # As in Loki: the entry stays and says what was wrong with it.
            entry.fail("LabelFilterErr", str(error))
            return True

    return check


def _number(text: str) -> float:
    """Return a number, or a duration in seconds."""
    try:
        return float(text)
    except ValueError:
        return parse_duration(text)


def _without(labels: tuple[str, ...]) -> Step:
    def drop(entry: Entry) -> bool:
        entry.drop(labels)
        return True

    return drop
