"""Usage errors in the form of all other errors: what failed, what was expected, what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from labctl.base.errors import InputError

# Typer keeps its own copy of click, or uses the installed one; both have a class of this name.
_REFUSAL: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
_HELP_IS_THE_ANSWER = "NoArgsIsHelpError"
_SUGGESTION = re.compile(r"[. ]*(?:(?P<near>Did you mean .*\?)|\(Possible options: (?P<several>.*)\))$")


@contextmanager
def as_own_errors() -> Iterator[None]:
    """Turn what typer says of a command line that it can't read into InputError."""
    try:
        yield
    except _REFUSAL as refusal:
        if type(refusal).__name__ == _HELP_IS_THE_ANSWER:
            raise
        raise _own(refusal) from refusal


def _own(refusal: Exception) -> InputError:
    message = getattr(refusal, "format_message", refusal.__str__)()
    found = _SUGGESTION.search(message)
    what = message[: found.start()] if found else message.rstrip(".")
    context = getattr(refusal, "ctx", None)
    command = context.command_path if context else "labctl"
    return InputError(
        what[:1].lower() + what[1:],
        expected=_expected(found) if found else "",
        todo=f"`{command} --help` says what it takes",
    )


def _expected(found: re.Match[str]) -> str:
    if found["near"]:
        return found["near"][:1].lower() + found["near"][1:]
    return f"one of: {found['several']}"
