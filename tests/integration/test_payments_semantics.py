"""The public API on a real lab: charged once, refunded never too much, every error a problem document."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from labctl.lab.lab import Lab

pytestmark = pytest.mark.lab

CHECKOUT = {
    "customer_id": 321,
    "merchant_id": 123,
    "amount_minor": 2_500,
    "currency": "EUR",
    "card": {"scheme": "visa", "token": "tok_integration"},
}

Post = Callable[..., httpx.Response]


class PatientClient(httpx.Client):
    """Asks again after a healthy lab's rare hiccup (a 5xx): looking is safe."""

    def get(self, *args: Any, **kwargs: Any) -> httpx.Response:
        answer = super().get(*args, **kwargs)
        for _ in range(5):
            if answer.status_code < 500:
                break
            answer = super().get(*args, **kwargs)
        return answer


@pytest.fixture
def api(steady_lab: Lab) -> Iterator[httpx.Client]:
    with PatientClient(
        base_url=f"http://127.0.0.1:{steady_lab.record.ports.gateway}", timeout=10, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def post(api: httpx.Client) -> Post:
    """POST with a key of its own; again after a healthy lab's rare hiccup (a 5xx): the key makes that safe."""

    def send(path: str, body: object, *, key: str | None = None) -> httpx.Response:
        sent = {"Idempotency-Key": key or str(uuid.uuid4()), "Content-Type": "application/json"}
        answer = api.post(path, content=json.dumps(body), headers=sent)
        for _ in range(5):
            if answer.status_code < 500:
                break
            answer = api.post(path, content=json.dumps(body), headers=sent)
        return answer

    return send


@pytest.fixture
def captured(post: Post) -> dict[str, Any]:
    """Return a fresh payment that the acquirer approved (tokens decide, so that some are declined)."""
    for number in range(20):
        body = {**CHECKOUT, "card": {"scheme": "visa", "token": f"tok_captured_{number}"}}
        payment: dict[str, Any] = post("/v1/checkouts", body).json()
        if payment["status"] == "captured":
            return payment
    pytest.fail("twenty different cards were declined")


def history_ids(api: httpx.Client, merchant_id: int) -> list[str]:
    page = api.get(f"/v1/merchants/{merchant_id}/payments", params={"limit": 100}).json()
    return [item["payment_id"] for item in page["items"]]


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= document.keys()
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


def test_checkout_can_be_looked_up(api: httpx.Client, captured: dict[str, Any]) -> None:
    found = api.get(f"/v1/payments/{captured['payment_id']}")
    assert found.status_code == 200
    assert found.json() == {**captured, "refunded_minor": 0}


def test_same_key_twice_charges_once(api: httpx.Client, post: Post) -> None:
    key, body = str(uuid.uuid4()), {**CHECKOUT, "merchant_id": 1901}
    before = history_ids(api, 1901)
    first, second = post("/v1/checkouts", body, key=key), post("/v1/checkouts", body, key=key)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    new = set(history_ids(api, 1901)) - set(before)
    assert new == {first.json()["payment_id"]}


def test_twenty_at_once_with_one_key_charge_once(api: httpx.Client, post: Post) -> None:
    key, body = str(uuid.uuid4()), {**CHECKOUT, "merchant_id": 1902}
    before = history_ids(api, 1902)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: post("/v1/checkouts", body, key=key), range(20)))
    # Told to wait, replayed, or turned away for the moment: never another payment.
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    final = post("/v1/checkouts", body, key=key).json()
    assert {answer.json()["payment_id"] for answer in answers if answer.status_code == 201} <= {final["payment_id"]}
    assert set(history_ids(api, 1902)) - set(before) == {final["payment_id"]}


def test_same_key_with_another_body_is_refused(post: Post) -> None:
    key = str(uuid.uuid4())
    assert post("/v1/checkouts", CHECKOUT, key=key).status_code == 201
    other = post("/v1/checkouts", {**CHECKOUT, "amount_minor": 1}, key=key)
    assert assert_problem(other, 422)["type"].endswith("idempotency-key-reused")


def test_refunds_stop_at_the_captured_amount(api: httpx.Client, post: Post, captured: dict[str, Any]) -> None:
    path = f"/v1/payments/{captured['payment_id']}/refunds"
    assert post(path, {"amount_minor": 2_000}).status_code == 201
    problem = assert_problem(post(path, {"amount_minor": 501}), 409)
    assert problem["refundable_minor"] == 500
    assert post(path, {"amount_minor": 500}).status_code == 201
    assert api.get(f"/v1/payments/{captured['payment_id']}").json()["refunded_minor"] == 2_500


def test_refunds_at_once_never_exceed_the_captured_amount(
    api: httpx.Client, post: Post, captured: dict[str, Any]
) -> None:
    path = f"/v1/payments/{captured['payment_id']}/refunds"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post(path, {"amount_minor": 1_000}), range(8)))
    assert [answer.status_code for answer in answers].count(201) == 2
    assert api.get(f"/v1/payments/{captured['payment_id']}").json()["refunded_minor"] == 2_000


def test_same_refund_key_refunds_once(api: httpx.Client, post: Post, captured: dict[str, Any]) -> None:
    path, key = f"/v1/payments/{captured['payment_id']}/refunds", str(uuid.uuid4())
    first, second = post(path, {"amount_minor": 700}, key=key), post(path, {"amount_minor": 700}, key=key)
    assert first.json() == second.json()
    assert api.get(f"/v1/payments/{captured['payment_id']}").json()["refunded_minor"] == 700


def test_refund_of_an_unknown_payment(post: Post) -> None:
    assert_problem(post(f"/v1/payments/{uuid.uuid4()}/refunds", {"amount_minor": 1}), 404)


def test_history_pages_follow_each_other(api: httpx.Client) -> None:
    # The merchant of rank 0: more payments than any other, and new ones arrive while we read.
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(5):
        page = api.get("/v1/merchants/1/payments", params={"limit": "40", **cursor}).json()
        seen += [item["payment_id"] for item in page["items"]]
        cursor = {"before": page["next"]}
    assert len(seen) == len(set(seen)) == 200


def test_request_id_is_echoed(api: httpx.Client) -> None:
    assert api.get("/healthz", headers={"X-Request-Id": "abc-123"}).headers["x-request-id"] == "abc-123"
    odd = api.get("/v1/payments/x", headers={"X-Request-Id": "no spaces allowed"})
    assert odd.headers["x-request-id"] != "no spaces allowed"
    assert_problem(odd, 404)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"amount_minor": 0}, 400),
        ({"amount_minor": -1}, 400),
        ({"amount_minor": 10**30}, 400),
        ({"amount_minor": True}, 400),
        ({"amount_minor": 12.0}, 400),
        ({"amount_minor": "12"}, 400),
        ({"currency": "XXX"}, 400),
        ({"currency": None}, 400),
        ({"customer_id": 2**63}, 400),
        ({"customer_id": 2**31 - 1}, 422),
        ({"merchant_id": 2**31 - 1}, 422),
        ({"card": {"scheme": "visa", "token": "a\x00b"}}, 400),
        ({"card": {"scheme": "visa", "token": "\ud800"}}, 400),
        ({"card": []}, 400),
    ],
)
def test_fields_that_make_no_sense(post: Post, change: dict[str, object], status: int) -> None:
    assert_problem(post("/v1/checkouts", {**CHECKOUT, **change}), status)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"null", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b"1" * 20_000, "application/json", 400),
        (b"x" * 70_000, "application/json", 413),
        (b"{}", "text/plain", 415),
    ],
)
def test_bodies_that_are_no_request(api: httpx.Client, content: bytes, media_type: str, status: int) -> None:
    headers = {"Content-Type": media_type, "Idempotency-Key": str(uuid.uuid4())}
    assert_problem(api.post("/v1/checkouts", content=content, headers=headers), status)


@pytest.mark.parametrize("key", [None, "", "x" * 129, "with space", "caf\u00e9"])
def test_keys_that_are_no_key(api: httpx.Client, key: str | None) -> None:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Idempotency-Key": key})
    raw = {name.encode("latin-1"): value.encode("latin-1") for name, value in headers.items()}
    assert_problem(api.post("/v1/checkouts", content=json.dumps(CHECKOUT), headers=raw), 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/payments/%00", 404),
        ("GET", "/v1/payments/not-a-uuid", 404),
        ("GET", f"/v1/payments/{uuid.UUID(int=0)}", 404),
        ("GET", "/v1/merchants/0/payments", 404),
        ("GET", "/v1/merchants/99999999999999999999999/payments", 404),
        ("GET", "/v1/merchants/1/payments?limit=0", 400),
        ("GET", "/v1/merchants/1/payments?limit=101", 400),
        ("GET", "/v1/merchants/1/payments?limit=ten", 400),
        ("GET", "/v1/merchants/1/payments?before=%00", 400),
        ("GET", "/v1/merchants/1/payments?before=AAAA", 400),
        ("DELETE", "/v1/checkouts", 405),
    ],
)
def test_paths_that_lead_nowhere(api: httpx.Client, method: str, path: str, status: int) -> None:
    answer = api.request(method, path)
    assert_problem(answer, status)
    assert status != 405 or "POST" in answer.headers["allow"]
