"""Questions at a terminal: the whole vocabulary, numbered, to choose from."""

from __future__ import annotations

from enum import StrEnum

import typer

from labctl.base.errors import LabctlError
from labctl.base.words import matching
from labctl.cli import console

_BAD = "give numbers from the list, or the words"


def one(question: str, vocabulary: type[StrEnum]) -> str:
    """Ask until one word is chosen, by number or by name."""
    while True:
        chosen = several(question, vocabulary)
        if len(chosen) == 1:
            return chosen[0]
        console.ask("choose one only")


def several(question: str, vocabulary: type[StrEnum]) -> list[str]:
    """Ask until words are chosen, by numbers or names with spaces or commas between them."""
    words = [str(word) for word in vocabulary]
    console.ask(f"\n{question}")
    for number, word in enumerate(words, start=1):
        console.ask(f"  {number:>2}  {word}")
    while True:
        typed = typer.prompt("choice", err=True)
        try:
            chosen = pick(typed, words)
        except LabctlError as problem:
            console.ask(f"{problem.what}; {problem.expected}")
            continue
        if chosen:
            return chosen
        console.ask(_BAD)


def pick(typed: str, words: list[str]) -> list[str]:
    """Return the words that `typed` means, by number or name, each once.

    Raises InputError, NotFoundError with the candidates for a part that means no word.
    """
    numbered = {str(number): word for number, word in enumerate(words, start=1)}
    parts = typed.replace(",", " ").split()
    return list(dict.fromkeys(numbered.get(each) or matching("word", each, words) for each in parts))
