"""`labctl try`: one request, as a user would send it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from labctl.actions import trying as action
from labctl.actions.trying import Kind, Tried, Wanted
from labctl.base.names import DEFAULT_NAME
from labctl.base.text import clipped, visible_lines
from labctl.base.times import show_duration
from labctl.cli import console
from labctl.cli.options import JsonOption, NameOption

_USUAL = Wanted()
_BODY_SHOWN = 4000


def try_(
    request: Annotated[str, typer.Argument(metavar="REQUEST", help=f"One of {', '.join(Kind)}.")],
    *,
    customer: Annotated[int, typer.Option("--customer", metavar="ID", help="Who pays.")] = _USUAL.customer,
    merchant: Annotated[
        int, typer.Option("--merchant", metavar="ID", help="Who is paid, or asks for its payments.")
    ] = _USUAL.merchant,
    amount: Annotated[int, typer.Option("--amount", metavar="CENTS", help="How much.")] = _USUAL.amount,
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="NAME", help="The card: visa, mastercard or amex.")
    ] = _USUAL.scheme,
    payment: Annotated[
        str,
        typer.Option("--payment", metavar="ID", help="What to look up or refund.", show_default="the last one tried"),
    ] = "",
    name: NameOption = DEFAULT_NAME,
    as_json: JsonOption = False,
) -> None:
    """Send one request through the gateway, as a user would, and show the answer, how long it took, and its trace.

    What it leaves in logs and traces is marked as a test, and is no evidence: that comes from the clients' requests.
    """
    answer = action.attempt(name, request, Wanted(customer, merchant, amount, scheme, payment))
    console.emit(answer, lambda: _show(answer), as_json=as_json)


def _show(tried: Tried) -> None:
    told = tried.failure if tried.status is None else f"status {tried.status}"
    console.facts(
        {
            "request": f"{tried.method} {tried.path}",
            "answer": f"{told} after {show_duration(tried.seconds)}",
            "request id": tried.request_id,
            "trace id": tried.trace_id or None,
        }
    )
    if tried.body is not None:
        text = tried.body if isinstance(tried.body, str) else json.dumps(tried.body, indent=2, ensure_ascii=False)
        console.show(visible_lines(clipped(text, _BODY_SHOWN)))
    if tried.trace_id:
        console.note(f"labctl trace {tried.trace_id} shows where the time went, within some seconds")
