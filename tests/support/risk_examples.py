"""Customers as risk knows them."""

from __future__ import annotations

from services.risk.features import Features

REGULAR = Features(
    home_country="DE",
    account_days=700,
    payments=178,
    mean_minor=2_000,
    stddev_minor=1_000,
    countries=("DE", "FR"),
    busiest_hour=3,
)
