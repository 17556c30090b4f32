"""A new line out of labels: the part of Go's templates that names them."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.telemetry.loki.entry import Entry
from services.telemetry.loki.syntax import LineFormat

_PLACE = re.compile(r"\{\{-?\s*(?:\.([A-Za-z_][A-Za-z0-9_]*)|__line__)\s*-?\}\}")


class TemplateError(Exception):
    """A template with anything but labels' names; the message says what."""


def parse(template: str) -> LineFormat:
    """Return the template's parts; raises TemplateError."""
    parts: list[tuple[str, str]] = []
    at = 0
    for found in _PLACE.finditer(template):
        parts.append((template[at : found.start()], found[1] or ""))
        at = found.end()
    rest = template[at:]
    for text in (*(text for text, _ in parts), rest):
        if "{{" in text:
            raise TemplateError(
                f"only {{{{.label}}}} and {{{{__line__}}}} are supported here, not {text[text.index('{{') :]!r}"
            )
    return LineFormat(tuple(parts), rest)


def step(stage: LineFormat) -> Callable[[Entry], bool]:
    """Return the function that gives an entry its new line."""

    def rewrite(entry: Entry) -> bool:
        line = "".join(text + (entry.get(label) if label else entry.line) for text, label in stage.parts)
        entry.line = line + stage.rest
        return True

    return rewrite
