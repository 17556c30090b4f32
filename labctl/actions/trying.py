"""Trying the system out: one request through the gateway, as a user would send it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from labctl.actions.answer import Answer
from labctl.actions.elsewhere import reachable
from labctl.actions.looking import record_look
from labctl.base.errors import InputError, LabStateError
from labctl.base.text import checked
from labctl.base.times import show_duration
from labctl.base.words import matching
from labctl.lab.lab import Lab
from labctl.lookups import gateway
from labctl.lookups.gateway import Answered, Request
from labctl.operate import upkeep
from labctl.state.journal import LOOK_UP

COMMAND = "try"
MICROSECOND = 6
"""Digits after the point of a second."""
SCHEMES = ("visa", "mastercard", "amex")
CURRENCY = "EUR"


class Kind(StrEnum):
    """What a user asks for."""

    CHECKOUT = "checkout"
    LOOKUP = "lookup"
    HISTORY = "history"
    REFUND = "refund"


@dataclass(frozen=True)
class Wanted:
    """Who pays whom how much; `amount` in minor units (cents). A payment's id, empty for the last one that was made."""

    customer: int = 1
    merchant: int = 1
    amount: int = 2500
    scheme: str = "visa"
    payment: str = ""


@dataclass(frozen=True)
class Tried(Answer):
    """One request, and how it was answered."""

    schema: ClassVar[str] = "labctl.try/1"
    method: str
    path: str
    sent: dict[str, Any] | None
    """The body that was sent; null for a request without one."""
    status: int | None
    """The answer's HTTP status; null when none came."""
    body: Any
    """The answer's JSON, or its text where it is no JSON; null when none came."""
    failure: str
    """Why no answer came; empty when one did."""
    seconds: float
    request_id: str
    trace_id: str
    """For `labctl trace`; empty when no answer came."""


@reachable
def attempt(name: str, kind: str, wanted: Wanted) -> Tried:
    """Send one request as a user would, once. Raises InputError, NotFoundError; LabStateError without a payment."""
    lab = Lab.open(name)
    request = _request(lab, Kind(matching("request", kind, Kind)), wanted)
    upkeep.keep(lab)
    answered = gateway.send(lab.addresses.gateway, request)
    record_look(lab, COMMAND, request=f"{request.method} {request.path}", **_made(request, answered))
    return Tried(
        method=request.method,
        path=request.path,
        sent=request.body,
        status=answered.status,
        body=answered.body,
        failure=answered.failure,
        seconds=round(answered.seconds, MICROSECOND),
        request_id=answered.request_id,
        trace_id=answered.trace_id,
    )


def _request(lab: Lab, kind: Kind, wanted: Wanted) -> Request:
    match kind:
        case Kind.CHECKOUT:
            return Request("POST", "/v1/checkouts", _checkout(wanted), str(uuid.uuid4()))
        case Kind.LOOKUP:
            return Request("GET", f"/v1/payments/{_payment(lab, wanted)}")
        case Kind.HISTORY:
            return Request("GET", f"/v1/merchants/{wanted.merchant}/payments?limit=20")
        case Kind.REFUND:
            path = f"/v1/payments/{_payment(lab, wanted)}/refunds"
            return Request("POST", path, {"amount_minor": wanted.amount}, str(uuid.uuid4()))


def _checkout(wanted: Wanted) -> dict[str, Any]:
    return {
        "customer_id": wanted.customer,
        "merchant_id": wanted.merchant,
        "amount_minor": wanted.amount,
        "currency": CURRENCY,
        "card": {"scheme": matching("card scheme", wanted.scheme, SCHEMES), "token": f"tok_{wanted.customer}_0"},
    }


def _payment(lab: Lab, wanted: Wanted) -> str:
    if not wanted.payment:
        return _last_payment(lab)
    try:
        return str(uuid.UUID(checked(wanted.payment, "--payment")))
    except ValueError as error:
        raise InputError(
            f"'{wanted.payment}' is not the id of a payment",
            expected="a UUID, such as 5f0c6d0e-1f0a-4b5e-9a43-0a4a4c6a7c11",
        ) from error


def _last_payment(lab: Lab) -> str:
    looks = (entry.payload for entry in reversed(lab.store.journal.entries(kind=LOOK_UP)))
    made = next((str(each["payment"]) for each in looks if each["command"] == COMMAND and each.get("payment")), "")
    if not made:
        raise LabStateError(
            "no payment was made by `labctl try checkout` yet",
            expected="--payment ID",
            todo=f"make one: `labctl try checkout{lab.option}`; `labctl try history{lab.option}` lists others",
        )
    return made


def _made(request: Request, answered: Answered) -> dict[str, str]:
    """Return, for the journal, how it was answered, and the payment that a checkout made, to be looked up next."""
    body = answered.body if isinstance(answered.body, dict) else {}
    payment = body.get("payment_id") if request.path == "/v1/checkouts" else None
    made = {"payment": payment} if isinstance(payment, str) else {}
    answer = answered.failure if answered.status is None else f"status {answered.status}"
    told = {"answer": f"{answer} after {show_duration(answered.seconds)}"}
    return {**made, **told, **({"trace": answered.trace_id} if answered.trace_id else {})}
