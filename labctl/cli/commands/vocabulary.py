"""`labctl vocabulary`: the words that an answer is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from labctl.actions import vocabulary as action
from labctl.base.words import matching
from labctl.cli import console
from labctl.cli.layout import Layout
from labctl.cli.options import JsonOption

PARTS = ("components", "triggers", "mechanisms", "impacts")

PartArgument = Annotated[
    str, typer.Argument(metavar="PART", help=f"Only {', '.join(PARTS[:-1])} or {PARTS[-1]}.", show_default=False)
]

# On a narrow terminal the meaning is what counts.
_LAYOUT = Layout(spare=("EXAMPLE",))


def vocabulary(part: PartArgument = "", as_json: JsonOption = False) -> None:
    """List the words that `labctl submit` takes (components, triggers, mechanisms, impacts): meanings and examples."""
    parts = (matching("part", part, PARTS),) if part else PARTS
    answer = action.vocabulary()
    console.emit(answer, lambda: _show(answer, parts), as_json=as_json)


def _show(words: action.Vocabulary, parts: tuple[str, ...]) -> None:
    for number, part in enumerate(parts):
        if number:
            console.show()
        rows = ((each.word, each.meaning, each.example) for each in getattr(words, part))
        console.table((part.upper(), "MEANING", "EXAMPLE"), rows, layout=_LAYOUT)
    console.note("a beginning that only one word has is enough, here and in `labctl submit`")
