"""Incidents as the domain makes them."""

from __future__ import annotations

import time

from labctl.model.incident import Incident, Page
from labctl.model.measurement import Window


def open_incident(fault: str = "example-fault") -> Incident:
    now = time.time()
    page = Page("CheckoutErrorRatioHigh", "Checkouts fail", "3% of checkouts fail", now - 30)
    return Incident("INC-0001", fault, Window(now - 90, now - 60), now - 50).paged(page)
