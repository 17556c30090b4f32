"""Questions at a terminal: the whole vocabulary, numbered, to choose from."""

from __future__ import annotations

from enum import StrEnum

import typer

from labctl.cli import console

_BAD = "give numbers from the list, or the words"


def one(question: str, vocabulary: type[StrEnum]) -> str:
    """Ask until one word is chosen, by number or by name."""
    while True:
        chosen = several(question, vocabulary)
        if len(chosen) == 1:
            return chosen[0]
        console.note("choose one only")


def several(question: str, vocabulary: type[StrEnum]) -> list[str]:
    """Ask until words are chosen, by numbers or names with spaces or commas between them."""
    words = [str(word) for word in vocabulary]
    console.note(f"\n{question}")
    for number, word in enumerate(words, start=1):
        console.note(f"  {number:>2}  {word}")
    while True:
        chosen = pick(typer.prompt("choice", err=True), words)
        if chosen:
            return chosen
        console.note(_BAD)


def pick(typed: str, words: list[str]) -> list[str] | None:
    """Return the words that `typed` names, each once; None when a part of it names no word."""
    numbered = {str(number): word for number, word in enumerate(words, start=1)}
    chosen = [numbered.get(each, each) for each in typed.lower().replace(",", " ").split()]
    return list(dict.fromkeys(chosen)) if all(each in words for each in chosen) else None
