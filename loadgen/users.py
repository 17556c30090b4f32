"""The kinds of users. Each acts by itself at its own moments (arrivals.py), however long the answers take."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from gevent import Timeout  # type: ignore[import-untyped]  # gevent has no types
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastResponse
from locust.env import Environment

from loadgen import orders
from loadgen.arrivals import Arrivals
from loadgen.connections import Clients
from loadgen.drift import USER_PERIOD_S
from loadgen.load import Load
from loadgen.orders import Order

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 10.0
MOST_CONNECTIONS = 2000
LEAVES_WITHIN_S = 0.01
"""Who does not wait for an answer is gone at some moment of this time."""
LOOK_EVERY_S = 3.0
"""A user sleeps this long at most: meanwhile, the traffic file may tell it to act more often."""


class ShopUser(FastHttpUser):
    """A user that sends one order at each of its moments."""

    abstract = True
    endpoint: ClassVar[str]
    hurried: ClassVar[float] = 0.0
    """The share of its requests whose answer the user does not wait for: a page is closed while it loads."""
    load: ClassVar[Load]
    # Connections aren't kept, so one pool serves all users: a pool each would only cost memory.
    client_pool = Clients(
        concurrency=MOST_CONNECTIONS, connection_timeout=CONNECT_TIMEOUT_S, network_timeout=ANSWER_TIMEOUT_S
    )

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.rng = self.load.rng()
        self._arrivals = Arrivals(1 / USER_PERIOD_S, self.rng, time.monotonic())

    def wait_time(self) -> float:
        """Seconds until the next moment, or until it is time to look at the traffic; Locust waits them."""
        return min(LOOK_EVERY_S, self._arrivals.wait(time.monotonic()))

    @task
    def act(self) -> None:
        """Send an order if the moment has come: Locust calls this once right after the user's start, too."""
        now = time.monotonic()
        self._arrivals.follow(self.load.traffic.of(self.endpoint) / USER_PERIOD_S, now)
        if self._arrivals.due(now) and (order := self.order()):
            self.send(order)

    def order(self) -> Order | None:
        """Return what to send now, if anything."""
        raise NotImplementedError

    def answered(self, order: Order, status: int, answer: dict[str, Any]) -> None:
        """Take note of an answer; status 0: none came."""

    def send(self, order: Order) -> None:
        """Send an order, measure it as its user feels it, and take note of the answer.

        Who left before the answer felt nothing, so nothing is measured: that was neither a success nor a failure.
        """
        started = time.perf_counter()
        response = self._waited_for(order)
        if response is not None:
            self.load.metrics.record(order.endpoint, response.status_code, time.perf_counter() - started)
            self.answered(order, response.status_code, _json_object(response))

    def _waited_for(self, order: Order) -> FastResponse | None:
        """Return the answer; None when the user hung up before it was there."""
        leaves_after = self.rng.uniform(0, LEAVES_WITHIN_S) if self.rng.random() < self.hurried else None
        response = None
        with Timeout(leaves_after, exception=False) as leaving:
            response = self.client.request(
                order.method,
                order.path,
                name=order.endpoint,
                json=order.body,
                headers=order.headers(orders.new_id().replace("-", ""), self.load.settings.api_key),
                allow_redirects=False,
            )
            if leaves_after is not None and not leaving.pending:
                response = None  # Locust took the end of the user's patience for an error of the network
        return response


class CheckoutUser(ShopUser):
    """Pays."""

    endpoint = orders.CHECKOUT
    weight = 60

    def order(self) -> Order:
        """Pay a merchant."""
        return orders.checkout(self.load.customers.draw(), self.rng)

    def answered(self, order: Order, status: int, answer: dict[str, Any]) -> None:
        """Remember the payment."""
        if status < 300 and (payment := orders.paid(order, answer)):
            self.load.recent.add(payment)


class LookupUser(ShopUser):
    """Looks at payments made lately; some people are gone before they see them."""

    endpoint = orders.LOOKUP
    hurried = 0.04
    weight = 20

    def order(self) -> Order | None:
        """Look at one of them; nothing to look at in the first second."""
        payment = self.load.recent.pick(self.rng)
        return orders.lookup(payment) if payment else None

    def answered(self, order: Order, status: int, _answer: dict[str, Any]) -> None:
        """Forget a payment that is gone: the database may have been replaced."""
        if status == 404:
            self.load.recent.forget(order.path.rsplit("/", 1)[-1])


class HistoryUser(ShopUser):
    """Looks at a merchant's latest payments."""

    endpoint = orders.HISTORY
    weight = 14

    def order(self) -> Order:
        """Look at the first page."""
        return orders.history(self.load.back_offices.draw(self.rng))


class RefundUser(ShopUser):
    """Gives money back."""

    endpoint = orders.REFUND
    weight = 6

    def order(self) -> Order | None:
        """Refund one of the payments made lately; nothing to refund in the first second."""
        payment = self.load.recent.take_captured(self.rng)
        return orders.refund(payment, self.rng) if payment else None


def _json_object(response: FastResponse) -> dict[str, Any]:
    try:
        answer = response.json()
    except (ValueError, TypeError):
        return {}
    return answer if isinstance(answer, dict) else {}
