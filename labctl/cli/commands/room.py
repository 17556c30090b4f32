"""`labctl room`: the incident in the browser."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from labctl.actions import room as action
from labctl.base.errors import InputError
from labctl.base.names import DEFAULT_NAME, option_of
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

OpenOption = Annotated[bool, typer.Option("--open", help="Open it in this machine's browser.")]
CloseOption = Annotated[bool, typer.Option("--close", help="End the room, and put out whoever is in it.")]
CodeOption = Annotated[
    bool, typer.Option("--code", help="Print how to log in from a terminal elsewhere, with a code that is good once.")
]


def room(
    *,
    open_it: OpenOption = False,
    close: CloseOption = False,
    name: NameOption = DEFAULT_NAME,
    code: CodeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the lab's incident in a browser: a server on this host, and an address that lets one browser in, once."""
    if close:
        if open_it or as_json or code:
            raise InputError("--close goes with neither --open nor --json nor --code", expected="one of them")
        console.show(closed(name))
        return
    answer = action.open_room(name)
    console.emit(answer, lambda: show_code(answer) if code else show(answer), as_json=as_json)
    if open_it and not webbrowser.open(answer.url):
        console.note("no browser could be started here: open the address yourself")


def closed(name: str) -> str:
    """Close a lab's room, and return what became of it."""
    return f"The room of '{name}' is closed." if action.close_room(name) else f"The lab '{name}' has no open room."


def show(answer: action.Room) -> None:
    """Print the way in."""
    console.show(answer.url)
    console.note(
        f"It lets one browser in, once, within {answer.minutes} minutes; another: labctl room{option_of(answer.lab)}"
    )


def show_code(answer: action.Room) -> None:
    """Print how to log in from a terminal."""
    console.show(f"labctl login {answer.address} {answer.token}")
    console.note(f"The code lets one terminal in, once, within {answer.minutes} minutes; from another machine, forward")
    console.note("the port to it first, such as by ssh -L, since the room listens on this one only.")


def tell(name: str) -> None:
    """Open a lab's room beside another command, whose answer the way in is no part of."""
    console.ask(f"The room: {action.open_room(name).url}")
