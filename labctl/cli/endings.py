"""Two endings of a command line that are neither an answer nor an error: Ctrl-C, and a reader that went away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class ReaderGoneError(Exception):
    """Nobody reads what is printed any more."""


class CtrlCError(Exception):
    """Somebody pressed Ctrl-C."""


@contextmanager
def kept_from_typer() -> Iterator[None]:
    """Raise them as errors of ours: typer would end by itself, with 1 as if something had failed, or without a word."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise CtrlCError from error


def kept_from_rich() -> None:
    """Have rich raise the second one, too; typer prints help with a console of its own, so that no subclass will do."""
    from rich.console import Console  # noqa: PLC0415 - it takes a third of what --version takes

    Console.on_broken_pipe = _reader_gone  # type: ignore[method-assign]


def _reader_gone(self: object) -> None:
    del self
    raise ReaderGoneError
