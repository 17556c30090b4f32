"""How values look in every view: the filters and globals of the templates."""

from __future__ import annotations

import time
from datetime import datetime

from flask import Flask

from labctl.base.text import number_of, visible, visible_lines
from labctl.base.times import ago, iso, local_time, local_time_ms, show_clock, show_duration
from labctl.room import assets


def add(app: Flask) -> None:
    """Add them to an app."""
    app.jinja_env.filters.update(
        at=lambda when: local_time(when.timestamp()),
        at_ms=lambda when: local_time_ms(when.timestamp()),
        iso=lambda when: iso(when.timestamp()),
        day=lambda when: when.astimezone().strftime("%a %d %b"),
        ago=lambda when: ago(when.timestamp(), time.time()),
        clock=show_clock,
        duration=show_duration,
        digits=digits,
        visible=visible,
        visible_lines=visible_lines,
    )
    app.jinja_env.globals.update(asset=assets.address, number_of=number_of, seconds_until=seconds_until)


def digits(seconds: float) -> str:
    """Return a span as a clock shows it: 07:05, 1:07:05; never negative."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def seconds_until(when: datetime) -> float:
    """Return how many seconds it is until a moment; negative once it has passed."""
    return when.timestamp() - time.time()
