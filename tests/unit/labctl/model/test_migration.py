from __future__ import annotations

from labctl.model.migration import Migration


def test_a_migration_is_the_same_under_another_number() -> None:
    one = Migration("0031_add_a_column", up="ALTER …", down="…")
    other = one.numbered(34)
    assert (other.number, other.file) == (34, "db/migrations/0034_add_a_column.sql")
    assert (other.up, other.down) == (one.up, one.down)
