"""Parts of a YAML file that a person wrote: each reads itself, and says what is wrong with file, line and field."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from labctl.base.errors import CatalogueError, InputError
from labctl.base.times import parse_duration, show_clock

ROOT = "plan"
"""What the file as a whole is called in messages."""


@dataclass(frozen=True)
class Part:
    """A node of the file, and the field that it is the value of."""

    file: str
    field: str
    node: yaml.Node

    def wrong(self, what: str, expected: str) -> CatalogueError:
        """Return the error for this part."""
        line = self.node.start_mark.line + 1
        return CatalogueError(f"{self.file}, line {line}: {self.field}: {what}", expected=expected)

    def fields(self, known: Collection[str]) -> dict[str, Part]:
        """Return the parts of a mapping by name. Raises CatalogueError for a name that is not known, or comes twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("is no mapping", f"fields: {', '.join(known)}")
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            name = str(key.value)
            part = Part(self.file, f"{self.field}.{name}" if self.field != ROOT else name, key)
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                raise part.wrong(
                    "no such field", f"did you mean '{near[0]}'?" if near else f"one of {', '.join(known)}"
                )
            if name in found:
                raise part.wrong("is there twice", "each field once")
            found[name] = Part(part.file, part.field, value)
        return found

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def items(self, kind: str, most: int) -> Iterator[Part]:
        """Yield the parts of a list of such things."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.wrong(f"is no list of {kind}", "at least one")
        if len(self.node.value) > most:
            raise self.wrong(f"has {len(self.node.value)} {kind}", f"at most {most}")
        for number, node in enumerate(self.node.value, start=1):
            yield Part(self.file, f"{self.field}[{number}]", node)

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


def whole(text: str, file: str, fields: Collection[str]) -> Part:
    """Return the file as a whole, which has these fields. Raises CatalogueError for what is no YAML."""
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
        raise CatalogueError(f"{file} is empty", expected=f"fields: {', '.join(fields)}")
    return Part(file, ROOT, node)
