"""Two endings that are neither an answer nor an error: Ctrl-C, and a reader that went away (`labctl logs | head`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class ReaderGoneError(Exception):
    """The program that read labctl's output has ended."""


class CtrlCError(Exception):
    """The user pressed Ctrl-C."""


@contextmanager
def as_own_errors() -> Iterator[None]:
    """Turn a closed pipe and Ctrl-C into the errors above: typer would handle both itself, with the wrong exit code."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except KeyboardInterrupt as error:
        raise CtrlCError from error


def make_rich_raise() -> None:
    """Make every rich console raise ReaderGoneError on a closed pipe; the class is patched, as typer has its own."""
    from rich.console import Console  # noqa: PLC0415 - it takes a third of what --version takes

    Console.on_broken_pipe = _reader_gone  # type: ignore[method-assign]


def _reader_gone(self: object) -> None:
    del self
    raise ReaderGoneError
