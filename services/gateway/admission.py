"""Turned away at the door: a share of the checkouts, and what whoever is on call has blocked; usually nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request

from services.common.body import peek
from services.common.problem import ProblemError
from services.common.settings import SettingError, Settings
from services.common.wire import SCHEMES

CHECKOUTS = "/v1/checkouts"
BUSY = {"Retry-After": "5"}


@dataclass(frozen=True)
class Admission:
    """The rules. A shed checkout is a 503, which is our failure; what is blocked gets a 403, which is our decision."""

    shed_share: float = 0.0
    """0 to 1."""
    merchants: frozenset[int] = frozenset()
    customers: frozenset[int] = frozenset()
    schemes: frozenset[str] = frozenset()
    chance: Callable[[], float] = random.random

    @property
    def idle(self) -> bool:
        """Whether nothing is turned away."""
        return not (self.shed_share or self.merchants or self.customers or self.schemes)

    def check(self) -> None:
        """Raise ProblemError when the request that is being served is turned away."""
        merchant = (request.view_args or {}).get("merchant_id", "")
        if merchant.isascii() and merchant.isdecimal() and int(merchant) in self.merchants:
            raise _blocked("merchant")
        if request.method == "POST" and request.path == CHECKOUTS:
            self._check_checkout()

    def _check_checkout(self) -> None:
        if self.chance() < self.shed_share:
            raise ProblemError(503, "shed", "too much to do: try again later", headers=BUSY)
        if not (self.merchants or self.customers or self.schemes):
            return
        body = peek()
        card = body.get("card")
        scheme = card.get("scheme") if isinstance(card, dict) else None
        for kind, value, blocked in (
            ("merchant", body.get("merchant_id"), self.merchants),
            ("customer", body.get("customer_id"), self.customers),
            ("scheme", scheme, self.schemes),
        ):
            if isinstance(value, int | str) and value in blocked:
                raise _blocked(kind)


def from_settings(settings: Settings) -> Admission:
    """Read SHED_CHECKOUTS, BLOCKED_MERCHANTS, BLOCKED_CUSTOMERS and BLOCKED_SCHEMES; lists have commas."""
    schemes = frozenset(_listed(settings, "BLOCKED_SCHEMES"))
    if unknown := schemes.difference(SCHEMES):
        raise SettingError(f"BLOCKED_SCHEMES has {sorted(unknown)[0]!r}, which is none of {', '.join(SCHEMES)}")
    return Admission(
        settings.ratio("SHED_CHECKOUTS", 0.0),
        _numbers(settings, "BLOCKED_MERCHANTS"),
        _numbers(settings, "BLOCKED_CUSTOMERS"),
        schemes,
    )


def install(app: Flask, admission: Admission) -> Flask:
    """Check every request of an app before its view; without rules, nothing is added."""
    if not admission.idle:
        app.before_request(admission.check)
    return app


def _blocked(kind: str) -> ProblemError:
    return ProblemError(403, f"{kind}-blocked", f"this {kind} is blocked for now")


def _listed(settings: Settings, name: str) -> list[str]:
    return [each for each in settings.text(name, ",").replace(" ", "").split(",") if each]


def _numbers(settings: Settings, name: str) -> frozenset[int]:
    listed = _listed(settings, name)
    if wrong := [each for each in listed if not (each.isascii() and each.isdecimal())]:
        raise SettingError(f"{name} must be whole numbers with commas, not {wrong[0]!r}")
    return frozenset(map(int, listed))
