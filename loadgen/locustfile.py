"""What Locust loads: the users, and the shape that their number follows."""

# Locust first: it makes sockets and threads cooperative, which everything imported later relies on.
from locust import LoadTestShape, events  # isort: skip

import os
import signal
from pathlib import Path
from threading import Thread

from locust.env import Environment

from loadgen import client_metrics
from loadgen.load import Load, LoadSettings
from loadgen.opening import WARM_WITHIN_S, keep_asking, wait_until_open
from loadgen.traffic import USUAL, parse
from loadgen.users import CheckoutUser, HistoryUser, LookupUser, RefundUser, ShopUser
from services.common.watched_file import WatchedFile

__all__ = ["CheckoutUser", "DriftingShape", "HistoryUser", "LookupUser", "RefundUser"]

FORGET_EVERY_S = 600

_provider = client_metrics.provider(os.environ, (Path(__file__).parent / "VERSION").read_text().strip())
ShopUser.load = Load(LoadSettings.from_env(os.environ), client_metrics.client_metrics(_provider))


class DriftingShape(LoadTestShape):
    """All users at once at the start (their moments are spread anyway), then as many as drift and traffic say."""

    stopping = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rps = ShopUser.load.settings.rps
        self._drift = ShopUser.load.drift()
        self._traffic = WatchedFile(ShopUser.load.settings.traffic_file, parse, USUAL)
        self._forget_at = FORGET_EVERY_S

    def tick(self) -> tuple[int, float] | None:
        """Return the number of users and how many of them may start per second, None to end; asked every second."""
        if self.stopping:
            return None
        elapsed: float = self.get_run_time()  # type: ignore[no-untyped-call]
        self._forget_statistics(elapsed)
        traffic = ShopUser.load.traffic = self._traffic.read()
        users = self._drift.users(self._rps * traffic.rate, elapsed)
        return users, float(users)

    def _forget_statistics(self, elapsed: float) -> None:
        # Locust's own statistics, which nobody reads here, grow every second: memory has to be bounded over days.
        if self.runner and elapsed >= self._forget_at:
            self._forget_at += FORGET_EVERY_S
            self.runner.stats.clear_all()


def _stop(*_: object) -> None:
    """End the load after the requests in flight; Locust itself, following a shape, would be killed by SIGTERM."""
    DriftingShape.stopping = True


def _stopping() -> bool:
    return DriftingShape.stopping


def _wait_until_open(environment: Environment, **_: object) -> None:
    wait_until_open(environment.host or "", given_up=_stopping)
    if risk := ShopUser.load.settings.risk_url:
        wait_until_open(risk, given_up=_stopping, patience=WARM_WITHIN_S)
    Thread(target=keep_asking, args=(environment.host or "",), kwargs={"ended": _stopping}, daemon=True).start()


def _send_the_rest(**_: object) -> None:
    _provider.shutdown()


signal.signal(signal.SIGTERM, _stop)
events.init.add_listener(_wait_until_open)  # type: ignore[no-untyped-call]
events.quitting.add_listener(_send_the_rest)  # type: ignore[no-untyped-call]
