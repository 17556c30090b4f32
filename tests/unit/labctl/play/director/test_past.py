from __future__ import annotations

import re

from labctl.base.paths import bundle_root
from labctl.images import releases
from labctl.play.director import past

POSTGRES = bundle_root() / "compose" / "postgres"


def test_the_schema_has_what_its_last_migrations_made() -> None:
    shipped = "".join((POSTGRES / name).read_text("utf-8") for name in ("schema.sql", "indexes.sql"))
    for migration in past.MIGRATIONS:
        for made in re.findall(r"IF NOT EXISTS (\w+)", migration.up):
            assert re.search(rf"\b{made}\b", shipped)
    assert len(past.MIGRATIONS) == len(past.MIGRATION_WORDS)
    assert [each.number for each in past.MIGRATIONS] == [29, 30]


def test_what_was_released_is_a_service_of_ours() -> None:
    assert set(past.RELEASED) <= set(releases.services())
