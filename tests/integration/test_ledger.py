"""The ledger on a real lab: a checkout is booked, in balance, once."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from labctl.base.waiting import wait_until
from labctl.lab.lab import Lab
from labctl.lookups.database import ObserverDatabase

pytestmark = pytest.mark.lab

STREAM = "payments.events"
BOOKED_WITHIN_S = 15.0
AMOUNT = 2_500


@dataclass(frozen=True)
class Ledger:
    """What the tests see of the ledger, and the stream that feeds it."""

    lab: Lab

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        database = ObserverDatabase(self.lab.record.ports.postgres, self.lab.addresses.password("OBSERVER_DB_PASSWORD"))
        return list(database.run(sql, 1000).rows)

    def entries(self, payment_id: str) -> list[tuple[str, str, str, int]]:
        """Return event, account, direction and amount of a payment's entries."""
        payment = uuid.UUID(payment_id)
        found = self.rows(
            "SELECT event_id::text, account, direction, amount_minor::text FROM ledger_entries "  # noqa: S608
            f"WHERE payment_id = '{payment}' ORDER BY id"
        )
        return [(event, account, direction, int(amount)) for event, account, direction, amount in found]

    def booked(self, payment_id: str, events: int = 1) -> list[tuple[str, str, str, int]]:
        """Wait until as many events of a payment are booked, and return their entries."""

        def complete() -> list[tuple[str, str, str, int]] | None:
            entries = self.entries(payment_id)
            return entries if len({event for event, *_ in entries}) == events else None

        return wait_until(complete, what=f"the booking of {payment_id}", timeout=BOOKED_WITHIN_S)

    def redis(self, *command: str) -> Any:
        stack = self.lab.stack
        shell = 'REDISCLI_AUTH="$REDIS_PASSWORD" exec redis-cli --json "$@"'
        return json.loads(stack.docker.exec(stack.container("redis").id, "sh", "-c", shell, "redis-cli", *command))

    def event_of(self, payment_id: str) -> dict[str, str]:
        """Return the latest event of a payment, as it is in the stream."""
        for _, flat in self.redis("XREVRANGE", STREAM, "+", "-"):
            fields = dict(zip(flat[::2], flat[1::2], strict=True))
            if fields.get("payment_id") == payment_id:
                return fields
        pytest.fail(f"no event of {payment_id} in the stream")

    def append(self, fields: dict[str, str]) -> None:
        self.redis("XADD", STREAM, "*", *(text for field in fields.items() for text in field))

    def outcomes(self, outcome: str) -> float:
        return self.lab.metrics.scalar(f'sum(stream_messages_total{{outcome="{outcome}"}})') or 0.0


@pytest.fixture
def lab(steady_lab: Lab) -> Lab:
    """The shared lab, which nothing here disturbs."""
    return steady_lab


@pytest.fixture
def ledger(lab: Lab) -> Ledger:
    return Ledger(lab)


def post(lab: Lab, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST with a key of its own, again after a healthy lab's rare 5xx: the key makes that safe."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    with httpx.Client(base_url=lab.addresses.gateway, timeout=10, trust_env=False) as client:
        answer = client.post(path, json=body, headers=headers)
        for _ in range(5):
            if answer.status_code < 500:
                break
            answer = client.post(path, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.fixture
def captured(lab: Lab) -> str:
    """Return the id of a fresh payment that the acquirer approved."""
    for number in range(20):
        card = {"scheme": "visa", "token": f"tok_ledger_{number}"}
        checkout = {"customer_id": 321, "merchant_id": 123, "amount_minor": AMOUNT, "currency": "EUR", "card": card}
        payment = post(lab, "/v1/checkouts", checkout)
        if payment["status"] == "captured":
            return str(payment["payment_id"])
    pytest.fail("twenty different cards were declined")


def test_a_checkout_ends_up_as_balanced_entries(ledger: Ledger, captured: str) -> None:
    entries = ledger.booked(captured)
    sides = {side: sum(amount for _, _, at, amount in entries if at == side) for side in ("debit", "credit")}
    assert sides == {"debit": AMOUNT, "credit": AMOUNT}
    assert {account for _, account, *_ in entries} == {"acquirer:EUR", "merchant:123:EUR", "fees:EUR"}


def test_a_refund_is_booked_the_other_way(ledger: Ledger, lab: Lab, captured: str) -> None:
    ledger.booked(captured)
    post(lab, f"/v1/payments/{captured}/refunds", {"amount_minor": 700})
    entries = ledger.booked(captured, events=2)
    assert [entry[1:] for entry in entries[-2:]] == [
        ("merchant:123:EUR", "debit", 700),
        ("acquirer:EUR", "credit", 700),
    ]


def test_a_replayed_event_changes_nothing(ledger: Ledger, captured: str) -> None:
    entries = ledger.booked(captured)
    duplicates = ledger.outcomes("duplicate")
    for _ in range(3):
        ledger.append(ledger.event_of(captured))
    wait_until(
        lambda: ledger.outcomes("duplicate") >= duplicates + 3,
        what="three repeated events being recognised",
        timeout=BOOKED_WITHIN_S,
    )
    assert ledger.entries(captured) == entries


def test_balances_are_the_sums_of_their_entries_and_net_to_zero(ledger: Ledger, captured: str) -> None:
    ledger.booked(captured)
    wrong = ledger.rows(
        """
        WITH sums AS (
            SELECT account, sum(CASE direction WHEN 'debit' THEN amount_minor ELSE -amount_minor END) AS total
            FROM ledger_entries GROUP BY account)
        SELECT account, b.amount_minor, total FROM balances b FULL JOIN sums USING (account)
        WHERE coalesce(b.amount_minor, 0) <> coalesce(total, 0)
        """
    )
    assert wrong == []
    assert ledger.rows("SELECT currency FROM balances GROUP BY currency HAVING sum(amount_minor) <> 0") == []


def test_nothing_waits_in_a_healthy_lab(lab: Lab) -> None:
    drained = "max(stream_lag) + max(stream_pending) < bool 20"
    wait_until(lambda: lab.metrics.scalar(drained) == 1, what="an empty stream", timeout=30)
    assert not lab.metrics.scalar('sum(stream_messages_total{outcome="dead"})')
