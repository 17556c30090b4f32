"""Payments' surroundings in memory, with the promises that Postgres, risk and the acquirer make."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from services.payments.events import Event, payment_event, refund_event
from services.payments.keys import Key, Reply, answer_before
from services.payments.model import Assessment, Authorisation, Checkout, Payment, Refund
from services.payments.refund_repository import Admit

CHECKOUT = Checkout(customer_id=1, merchant_id=2, amount_minor=1000, currency="EUR", scheme="visa", token="tok_1")


@dataclass
class KeyRow:
    request_hash: str
    resource_id: UUID
    held: bool = True
    reply: Reply | None = None


@dataclass
class World:
    """Key store, payment store and refund store in one, so that recording touches all of them at once."""

    keys: dict[tuple[str, str], KeyRow] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    refunds: dict[UUID, tuple[UUID, int, str]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    record_error: Exception | None = None
    recording_error: Exception | None = None
    figures_error: Exception | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def claim(self, key: Key) -> UUID | Reply:
        with self.lock:
            row = self.keys.get((key.value, key.scope))
            if row is None:
                row = self.keys[key.value, key.scope] = KeyRow(key.request_hash, uuid4())
                return row.resource_id
            if row.reply is None and not row.held and row.request_hash == key.request_hash:
                row.held = True
                return row.resource_id
            reply = row.reply
            known = {
                "request_hash": row.request_hash,
                "status": reply.status if reply else None,
                "response": reply.body if reply else None,
            }
        return answer_before(key, known)

    def release(self, key: Key) -> None:
        self.keys[key.value, key.scope].held = False

    def forget(self, key: Key) -> None:
        del self.keys[key.value, key.scope]

    def parties(self, customer_id: int, merchant_id: int) -> dict[str, bool]:
        return {name: name not in self.strangers for name in ("customer", "merchant")}

    @contextmanager
    def recording(self) -> Iterator[Callable[[Key, Payment | Refund, Reply], None]]:
        if self.recording_error:
            raise self.recording_error
        yield self._record

    def _record(self, key: Key, what: Payment | Refund, reply: Reply) -> None:
        if self.record_error:
            raise self.record_error
        with self.lock:
            if isinstance(what, Refund):
                payment_id, amount, state = self.refunds[what.id]
                if state == "pending":
                    self.refunds[what.id] = (payment_id, amount, "refunded")
                    self.events.append(refund_event(what))
            elif what.id not in self.payments:
                self.payments[what.id] = what
                self.events.append(payment_event(what))
            self.keys[key.value, key.scope].reply = reply

    def find(self, payment_id: UUID) -> tuple[Payment, int] | None:
        payment = self.payments.get(payment_id)
        if payment is None:
            return None
        return payment, sum(
            amount for of, amount, state in self.refunds.values() if (of, state) == (payment_id, "refunded")
        )

    def history(self, merchant_id: int, before: tuple[datetime, UUID], limit: int) -> list[Payment]:
        mine = [one for one in self.payments.values() if one.merchant_id == merchant_id]
        mine.sort(key=lambda one: (one.created_at, one.id), reverse=True)
        return [one for one in mine if (one.created_at, one.id) < before][:limit]

    def figures(self, merchant_id: int, seconds: float) -> dict[str, object]:
        if self.figures_error:
            raise self.figures_error
        mine = [one for one in self.payments.values() if one.merchant_id == merchant_id]
        taken = sum(one.amount_minor for one in mine)
        return {
            "summary": [{"currency": "EUR", "payments": len(mine), "amount_minor": taken}] if mine else [],
            "declined": {"visa": sum(one.status == "declined" for one in mine)},
            "lately": {"EUR": round(taken / len(mine))} if mine else {"EUR": None},
            "last": {f"{one.scheme} {one.currency}": one.created_at.isoformat() for one in mine},
        }

    def reserve(self, refund_id: UUID, payment_id: UUID, amount_minor: int, admit: Admit) -> Payment:
        with self.lock:
            others = [
                amount
                for known, (of, amount, state) in self.refunds.items()
                if of == payment_id and known != refund_id and state != "failed"
            ]
            payment = admit(self.payments.get(payment_id), sum(others), amount_minor)
            self.refunds.setdefault(refund_id, (payment_id, amount_minor, "pending"))
            return payment

    def cancel(self, refund_id: UUID) -> None:
        payment_id, amount, _ = self.refunds[refund_id]
        self.refunds[refund_id] = (payment_id, amount, "failed")


@dataclass
class FakeRisk:
    """Answers as told, or raises."""

    answer: Assessment | Exception = field(default_factory=lambda: Assessment("approve", 0.1))
    asked: list[Checkout] = field(default_factory=list)

    def assess(self, checkout: Checkout) -> Assessment:
        self.asked.append(checkout)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class FakeAcquirer:
    """Moves money once per id, as the real one does; it answers when `barrier` is set."""

    answer: Authorisation | Exception = field(default_factory=lambda: Authorisation(True, "approved", "acq_1"))
    moved: dict[UUID, int] = field(default_factory=dict)
    barrier: threading.Event | None = None

    def authorise(self, payment_id: UUID, checkout: Checkout) -> Authorisation:
        return self._move(payment_id, checkout.amount_minor)

    def refund(self, refund_id: UUID, payment: Payment, amount_minor: int) -> Authorisation:
        return self._move(refund_id, -amount_minor)

    def _move(self, move_id: UUID, amount_minor: int) -> Authorisation:
        if self.barrier:
            self.barrier.wait(5)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer.approved:
            self.moved[move_id] = amount_minor
        return self.answer
