"""Streams and entries out of the store."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from services.telemetry.deadline import Deadline
from services.telemetry.loki import pipeline
from services.telemetry.loki.entry import Entry, Labels
from services.telemetry.loki.patterns import compile_pattern
from services.telemetry.loki.syntax import LabelFilter, LineFilter, LineFormat, LineOp, LogQuery, Matcher, Parser, Stage

MAX_PUSHED = 8
TRACED = "trace_id != ''"
"""What the index of traces holds: SQLite uses it only when told that nothing else is wanted."""
MATCHES = "line_matches"
_PLAIN = re.compile(r"[^\\.^$*+?()\[\]{}|\0]+", re.DOTALL)
"""A text that is a regular expression for nothing but itself."""
_BEGINNING = re.compile(r"([0-9a-f]+)\.\*")
"""A pattern for ids that begin alike; their range ends with "g", the character after the last digit."""


@dataclass(frozen=True)
class Window:
    """From `start` (included) to `end` (not included), in nanoseconds since the epoch."""

    start: int
    end: int


@dataclass(frozen=True)
class Stream:
    """One row of `streams`; the version is structured metadata, as Loki keeps it."""

    id: int
    labels: Labels
    version: str


def streams(connection: sqlite3.Connection, matchers: Sequence[Matcher]) -> list[Stream]:
    """Return the streams that a selector selects."""
    rows = connection.execute("SELECT id, service, level, instance, version FROM streams ORDER BY 2, 3, 4, 5")
    found = (Stream(row[0], _labels(row[1], row[2], row[3]), row[4]) for row in rows)
    return [stream for stream in found if pipeline.selects(matchers, stream.labels)]


def _labels(service: str, level: str, instance: str) -> Labels:
    labels = {"service_name": service, "level": level, "detected_level": level, "instance": instance}
    return {name: value for name, value in labels.items() if value}


def present(connection: sqlite3.Connection, matchers: Sequence[Matcher], window: Window) -> list[Stream]:
    """Return the selected streams that have entries in the window."""
    select = "SELECT DISTINCT stream FROM logs WHERE time_ns >= ? AND time_ns < ?"
    there = {stream for (stream,) in connection.execute(select, (window.start, window.end))}
    return [stream for stream in streams(connection, matchers) if stream.id in there]


def sizes(connection: sqlite3.Connection, chosen: Sequence[Stream], window: Window) -> dict[int, tuple[int, int]]:
    """Entries and bytes of each stream that has any, by stream id."""
    where, parameters = _where(chosen, window)
    select = f"SELECT stream, count(*), sum(length(line)) FROM logs WHERE {where} GROUP BY stream"  # noqa: S608
    return {stream: (count, size) for stream, count, size in connection.execute(select, parameters)}


def entries(
    connection: sqlite3.Connection, query: LogQuery, window: Window, deadline: Deadline, *, backward: bool
) -> Iterator[Entry]:
    """Return the entries that pass the whole query, in order of time."""
    chosen = {stream.id: stream for stream in streams(connection, query.matchers)}
    _teach(connection)
    select, parameters = selection([*chosen.values()], query.stages, window, backward=backward)
    rows = deadline.watch(connection.execute(select, parameters))
    return pipeline.run(query.stages, (_entry(chosen[stream], at, line, more) for at, stream, line, more in rows))


def selection(
    chosen: Sequence[Stream], stages: Iterable[Stage], window: Window, *, backward: bool
) -> tuple[str, list[int | str]]:
    """Return the statement that reads the entries which may pass, in order of time, and its parameters."""
    source, parameters = _source(chosen, stages, window)
    order = "DESC" if backward else "ASC"
    return f"SELECT time_ns, stream, line, metadata FROM {source} ORDER BY time_ns {order}", parameters  # noqa: S608


def counts(
    connection: sqlite3.Connection, query: LogQuery, window: Window, each_ns: int
) -> Iterator[tuple[Stream, int, int]] | None:
    """Count a query's entries in SQLite: by stream, and by the part of the window, `each_ns` long, in which they are.

    None where only the pipeline can tell which entries pass.
    """
    if len([*pushed(query.stages)]) < len(query.stages):
        return None
    chosen = {stream.id: stream for stream in streams(connection, query.matchers)}
    _teach(connection)
    source, parameters = _source([*chosen.values()], query.stages, window)
    select = f"SELECT stream, (time_ns - ?) / ?, count(*) FROM {source} GROUP BY 1, 2"  # noqa: S608
    rows = connection.execute(select, (window.start, each_ns, *parameters))
    return ((chosen[stream], part, count) for stream, part, count in rows)


def _teach(connection: sqlite3.Connection) -> None:
    """Let SQLite look for regular expressions: a line that does not match never becomes an entry."""
    connection.create_function(MATCHES, 2, lambda pattern, line: compile_pattern(pattern)(line), deterministic=True)


def _source(chosen: Sequence[Stream], stages: Iterable[Stage], window: Window) -> tuple[str, list[int | str]]:
    """Return from where and under which conditions to read, and the parameters."""
    where, parameters = _where(chosen, window)
    conditions = [*pushed(stages)]
    for text, values in conditions:
        where += f" AND {text}"
        parameters.extend(values)
    # SQLite would rather read a whole window in order of time than look for the few lines of a trace and sort them.
    logs = "logs INDEXED BY logs_of_trace" if any(text.startswith(TRACED) for text, _ in conditions) else "logs"
    return f"{logs} WHERE {where}", parameters


def _entry(stream: Stream, time_ns: int, line: str, metadata: str) -> Entry:
    return Entry(time_ns, line, stream.labels, partial(_metadata, metadata, stream.version))


def _metadata(text: str, version: str) -> Labels:
    own: Labels = json.loads(text)
    return {**own, "service_version": version} if version else own


def _where(chosen: Iterable[Stream], window: Window) -> tuple[str, list[int | str]]:
    ids = [stream.id for stream in chosen]
    marks = ", ".join("?" * len(ids))
    return f"stream IN ({marks}) AND time_ns >= ? AND time_ns < ?", [*ids, window.start, window.end]


def pushed(stages: Iterable[Stage]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Conditions that SQLite can check before a row becomes an entry, with their values.

    Texts in lines, plain ones or by a regular expression, a trace id or its beginning: only up to the first parser or
    the first new line, after which a label may come from the line, and the line from labels. Each says exactly what its
    stage does.
    """
    for _, stage in zip(range(MAX_PUSHED), stages, strict=False):
        match stage:
            case Parser() | LineFormat():
                return
            case LineFilter(LineOp.CONTAINS, (text,)) if text and "\0" not in text:
                yield "instr(line, ?) > 0", (text,)
            case LineFilter(LineOp.MATCHES, (pattern,)) if texts := _plain(pattern):
                yield f"({' OR '.join(['instr(line, ?) > 0'] * len(texts))})", texts
            case LineFilter(LineOp.MATCHES, (pattern,)) if "\0" not in pattern:
                yield f"{MATCHES}(?, line)", (pattern,)
            case LabelFilter("trace_id", "=", str(trace_id)) if trace_id:
                yield f"{TRACED} AND trace_id = ?", (trace_id,)
            case LabelFilter("trace_id", "=~", str(pattern)) if found := _BEGINNING.fullmatch(pattern):
                yield f"{TRACED} AND trace_id >= ? AND trace_id < ?", (found[1], f"{found[1]}g")


def _plain(pattern: str) -> tuple[str, ...]:
    """Return the texts one of which a regular expression looks for; none where it looks for anything else."""
    texts = tuple(pattern.split("|"))
    return texts if len(texts) <= MAX_PUSHED and all(map(_PLAIN.fullmatch, texts)) else ()
