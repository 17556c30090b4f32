"""The rules: each says how much it adds to the risk of a payment, and why."""

from __future__ import annotations

from dataclasses import dataclass

from services.risk.features import Features

REVIEW_FROM = 0.4
DECLINE_FROM = 0.75

NEW_DAYS = 30
LARGE_MINOR = 100_000
HISTORY_DAYS = 89
SUSPICIOUS_FROM = 0.98


@dataclass(frozen=True)
class Assessment:
    """A decision ("approve", "review", "decline"), the score from 0 to 1 behind it, and its reasons."""

    decision: str
    score: float
    reasons: tuple[str, ...]


def assess(
    features: Features,
    amount_minor: int,
    merchant_country: str | None,
    *,
    stranger: bool = False,
    suspicion: float = 0.0,
) -> Assessment:
    """Judge a payment of `amount_minor`; without a known merchant country, the country rule is left out.

    `stranger`: the customer never paid this merchant. `suspicion`: the card issuer's, from 0 to 1.
    """
    signals = {
        "amount-above-usual": _amount(features, amount_minor),
        "new-customer": _newness(features, amount_minor),
        "new-country": _country(features, merchant_country),
        "burst-of-payments": _velocity(features),
        "new-merchant": 0.05 if stranger else 0.0,
        "issuer-warns": 0.3 if suspicion >= SUSPICIOUS_FROM else 0.0,
    }
    safe = 1.0
    for weight in signals.values():
        safe *= 1.0 - weight
    score = round(1.0 - safe, 3)
    return Assessment(decide(score), score, tuple(reason for reason, weight in signals.items() if weight > 0))


def decide(score: float) -> str:
    """Turn a score into a decision."""
    if score >= DECLINE_FROM:
        return "decline"
    return "review" if score >= REVIEW_FROM else "approve"


def _amount(features: Features, amount_minor: int) -> float:
    """Weigh an amount above what the customer usually pays; 0 for a customer with hardly any history."""
    if features.payments < 3 or amount_minor <= features.mean_minor + 4 * features.stddev_minor:
        return 0.0
    return 0.5 if amount_minor > 10 * features.mean_minor else 0.25


def _newness(features: Features, amount_minor: int) -> float:
    """Weigh how little is known of the customer, more when a lot is spent at once."""
    if features.payments >= 3 and features.account_days >= NEW_DAYS:
        return 0.0
    return 0.4 if amount_minor >= LARGE_MINOR else 0.12


def _country(features: Features, merchant_country: str | None) -> float:
    """Weigh a merchant in a country where the customer has never paid."""
    if merchant_country is None or merchant_country in (features.home_country, *features.countries):
        return 0.0
    return 0.08


def _velocity(features: Features) -> float:
    """Weigh more payments within an hour than in several usual days: a card that is being tried out."""
    usual_day = max(1.0, features.payments / HISTORY_DAYS)
    return 0.3 if features.busiest_hour > 6 * usual_day else 0.0
