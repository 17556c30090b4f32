"""A migration adds a small table of its own, for the reasons of disputes.

No service reads it yet.
"""

from __future__ import annotations

from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.draw import Draw
from labctl.model.lab import Lab
from labctl.model.migration import Migration
from labctl.model.vocabulary import Component as C

MIGRATION = Migration(
    "0031_dispute_reasons",
    up="""
CREATE TABLE IF NOT EXISTS dispute_reasons (
    code  text PRIMARY KEY,
    title text NOT NULL
);
INSERT INTO dispute_reasons (code, title) VALUES
    ('10.4', 'Fraud, card absent'), ('12.5', 'Incorrect amount'), ('13.1', 'Not received'),
    ('13.3', 'Not as described'), ('13.6', 'Credit not processed'), ('13.7', 'Cancelled')
ON CONFLICT (code) DO NOTHING;
""",
    down="""
DROP TABLE IF EXISTS dispute_reasons;
""",
)


def make(lab: Lab, draw: Draw) -> None:
    """Add the table."""
    summary = draw.one_of(
        "Table of dispute reasons, for the support console",
        "Disputes: reference data first",
        "Add the card schemes' dispute reasons",
    )
    lab.database.migrate(MIGRATION, author=draw.author(), summary=summary)


CHANGE = ColleaguesChange(
    id="dispute-reasons-table",
    kind=ChangeKind.MIGRATION,
    component=C.POSTGRES,
    story=__doc__ or "",
    make=make,
)
