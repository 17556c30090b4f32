"""Colleagues' changes that a fake lab can make."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labctl.catalogue import colleagues
from labctl.model.colleague import ChangeKind, ColleaguesChange, Lasting
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.one_off_job import OneOffJob
from labctl.model.vocabulary import Component


def set_pool(lab: Lab, draw: Draw) -> None:
    """Change a setting of payments."""
    lab.configuration.change("payments", "DB_POOL_MAX", "9", author=draw.author(), summary="One more connection")


def send_news(lab: Lab, draw: Draw) -> None:
    """Bring some more customers."""
    lab.load.shift(draw.share(1.01, 1.05), author=draw.author(), summary="Newsletter")


POOL = ColleaguesChange("payments-pool", ChangeKind.CONFIGURATION, Component.PAYMENTS, "A story.", set_pool)
NEWS = ColleaguesChange("news", ChangeKind.TRAFFIC, Component.CLIENTS, "A story.", send_news, Lasting(60, 90))
JOB = ColleaguesChange(
    "count",
    ChangeKind.JOB,
    Component.JOBS,
    "A story.",
    lambda lab, draw: lab.jobs.run(OneOffJob("count", ("SELECT 1",)), author=draw.author(), summary="Count"),
    Lasting(60, 90),
)
FLAG = ColleaguesChange(
    "close-look",
    ChangeKind.FLAG,
    Component.RISK,
    "A story.",
    lambda lab, draw: lab.flags.switch("close-look", "off", author=draw.author(), summary="Compare") and None,
)


def use_changes(monkeypatch: pytest.MonkeyPatch, *changes: ColleaguesChange) -> None:
    """Let these be the only changes that colleagues make."""
    known = {each.id: each for each in changes}
    monkeypatch.setattr(colleagues, "ids", lambda: tuple(known))
    monkeypatch.setattr(colleagues, "load", known.__getitem__)
    monkeypatch.setattr(colleagues, "usable", lambda: (tuple(changes), ()))


def named(change: ColleaguesChange, change_id: str) -> ColleaguesChange:
    """Return the same change under another id."""
    return replace(change, id=change_id)
