"""From the environment to the parts of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from services.common import flags, lifecycle
from services.common.http_client import ServiceClient
from services.common.settings import Settings
from services.gateway.bulkhead import Bulkhead
from services.gateway.forward import Forwarder


def connect(settings: Settings) -> Forwarder:
    """Read PAYMENTS_URL, CHECKOUT_DEADLINE_MS, READ_DEADLINE_MS and MAX_IN_FLIGHT."""
    write_deadline = settings.milliseconds("CHECKOUT_DEADLINE_MS", 4000)
    read_deadline = settings.milliseconds("READ_DEADLINE_MS", 800)
    # One attempt: payments retries what may be retried, and retries on top of retries multiply.
    payments = ServiceClient(settings.text("PAYMENTS_URL"), timeout=max(write_deadline, read_deadline))
    lifecycle.on_shutdown(payments.close)
    return Forwarder(
        payments=payments,
        # One thread of the sixteen is left for health checks and for turning others away.
        bulkhead=Bulkhead(settings.integer("MAX_IN_FLIGHT", 15, low=1, high=1000)),
        write_deadline=write_deadline,
        read_deadline=read_deadline,
    )


def timing_told(settings: Settings) -> Callable[[], bool]:
    """Read FLAGS_FILE, and return what says whether clients are told how long their requests took."""
    return partial(flags.connect(settings).get_boolean_value, "server-timing", False)
