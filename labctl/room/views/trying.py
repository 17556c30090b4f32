"""Try it: a request of one's own through the gateway, its answer, how long it took, its trace; those before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from labctl.actions import pins, trying
from labctl.actions.trying import COMMAND, SCHEMES, Kind, Tried, Wanted
from labctl.base.errors import InputError
from labctl.base.text import clipped
from labctl.room.problems import Part, part
from labctl.room.site import here
from labctl.room.view import View, looked, page

USUAL = Wanted()
MOST_SHOWN = 4000
GREATEST = 2**31
EARLIER = 30
ABOUT = {
    Kind.CHECKOUT: ("Checkout", "a customer pays a merchant", ("customer", "merchant", "amount", "scheme")),
    Kind.LOOKUP: ("Look-up", "a payment, by its id", ("payment",)),
    Kind.HISTORY: ("History", "the last payments to a merchant", ("merchant",)),
    Kind.REFUND: ("Refund", "some of a payment goes back", ("payment", "amount")),
}


def add(room: Blueprint) -> None:
    """Add the routes."""

    @room.get("/try", endpoint="try")
    def show() -> Response:
        return _page(request.args, Part(None))

    @room.post("/try")
    def send() -> Response:
        found = looked(lambda: trying.attempt(here().lab, request.form.get("kind", ""), _wanted(request.form)))
        return _page(request.form, found)


def _page(given: Mapping[str, str], found: Part[Any]) -> Response:
    tried = found.value if isinstance(found.value, Tried) else None
    asked = {"kind": Kind.CHECKOUT, **vars(USUAL), **{key: given[key] for key in _FIELDS if key in given}}
    asked["kind"] = asked["kind"] if asked["kind"] in list(Kind) else Kind.CHECKOUT
    return page(
        "try.html",
        found.status,
        about=ABOUT,
        asked=asked,
        schemes=SCHEMES,
        greatest=GREATEST,
        problem=found.problem,
        tried=tried,
        sent=_text(tried.sent) if tried and tried.sent else "",
        body=_text(tried.body) if tried and tried.body is not None else "",
        earlier=[each for each in part(lambda: pins.seen(here().lab)).value or () if each.command == COMMAND][:EARLIER],
    )


_FIELDS = ("kind", "customer", "merchant", "amount", "scheme", "payment")


def _wanted(given: Mapping[str, str]) -> Wanted:
    numbers = {name: _number(given, name) for name in ("customer", "merchant", "amount")}
    scheme = given.get("scheme") or USUAL.scheme
    return Wanted(**numbers, scheme=scheme, payment=given.get("payment", "").strip())


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "").strip()
    if not text:
        return int(getattr(USUAL, name))
    try:
        found = int(text)
    except ValueError as error:
        raise InputError(f"{name}: '{text}' is no whole number", expected=f"such as {getattr(USUAL, name)}") from error
    if abs(found) > GREATEST:
        raise InputError(f"{name}: {text} is too great", expected=f"at most {GREATEST}")
    return found


def _text(body: object) -> str:
    text = body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
    return clipped(text, MOST_SHOWN)


VIEW = View("try", "Try it", "y", add)
