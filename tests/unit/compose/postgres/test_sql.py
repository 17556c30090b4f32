"""What the SQL files promise each other and the services."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.risk.features import Features
from tests.support.risk_examples import REGULAR

FOLDER = Path(__file__).parents[4] / "compose/postgres"


def text(name: str) -> str:
    return (FOLDER / name).read_text()


def tables() -> set[str]:
    return set(re.findall(r"^CREATE TABLE (\w+)", text("schema.sql"), re.MULTILINE))


def test_every_grant_names_a_table_that_exists() -> None:
    roles = text("roles.sql")
    grants = re.findall(r"^GRANT [A-Z, ]+ ON (?!DATABASE|SCHEMA|SEQUENCE|ALL)([\w, ]+) TO", roles, re.MULTILINE)
    assert len(grants) > 5
    for names in grants:
        assert set(names.split(", ")) <= tables()


def test_the_observer_may_only_read() -> None:
    grants = [line for line in text("roles.sql").splitlines() if line.startswith("GRANT") and "observer" in line]
    assert grants
    assert not any(re.search(r"INSERT|UPDATE|DELETE|TEMP", grant) for grant in grants)
    assert "ALTER ROLE observer SET default_transaction_read_only = on;" in text("roles.sql")
    assert "ALTER ROLE observer SET statement_timeout = '15s';" in text("roles.sql")


def test_the_observer_keeps_nobody_waiting_for_long_and_fills_no_disk() -> None:
    for setting in ("transaction_timeout = '30s'", "idle_in_transaction_session_timeout = '30s'", "temp_file_limit = "):
        assert f"ALTER ROLE observer SET {setting}" in text("roles.sql")


def test_the_locks_and_the_log_that_all_share_are_nobodys_to_fill() -> None:
    (pattern,) = re.findall(r"proname ~ '(.+)'", text("roles.sql"))
    for way in ("advisory_lock", "advisory_lock_shared", "advisory_xact_lock", "advisory_xact_lock_shared"):
        assert re.match(pattern, f"pg_{way}")
        assert re.match(pattern, f"pg_try_{way}")
    assert re.match(pattern, "pg_logical_emit_message")
    assert "REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC" in text("roles.sql")


def test_connections_are_kept_for_those_who_look() -> None:
    limits = re.findall(r"IN ROLE pg_monitor, pg_use_reserved_connections CONNECTION LIMIT (\d+)", text("roles.sql"))
    (kept,) = re.findall(r"^reserved_connections = (\d+)", text("postgresql.conf"), re.MULTILINE)
    assert len(limits) == 2, "monitor and observer"
    assert int(kept) == sum(map(int, limits))


def test_nobody_gets_what_public_would_have() -> None:
    assert "REVOKE ALL ON DATABASE payments FROM PUBLIC;" in text("roles.sql")
    assert "REVOKE ALL ON SCHEMA public FROM PUBLIC;" in text("roles.sql")


def test_everybody_on_the_network_needs_a_password() -> None:
    rules = [line.split() for line in text("pg_hba.conf").splitlines() if line and not line.startswith("#")]
    network = [rule for rule in rules if rule[0].startswith("host")]
    assert {rule[-1] for rule in network} == {"scram-sha-256", "reject"}
    assert [rule[-1] for rule in rules if rule[0] == "local"] == ["peer"]


def test_freshen_has_no_command_end_inside() -> None:
    assert ";\n\n" not in text("freshen.sql").rstrip("\n")


def test_freshen_moves_every_date_of_the_history() -> None:
    dated = set(re.findall(r"CREATE TABLE (\w+) \((?:(?!CREATE).)*?created_at ", text("schema.sql"), re.S))
    assert dated == {"customers", "payments", "refunds", "idempotency_keys", "outbox", "ledger_entries"}
    assert "NOT IN ('idempotency_keys', 'outbox')" in text("freshen.sql")


@pytest.mark.parametrize("name", list(REGULAR.as_mapping()))
def test_the_snapshot_has_every_feature(name: str) -> None:
    assert f"'{name}'," in text("snapshot.sql")
    assert name in Features.__dataclass_fields__


def test_snapshot_and_query_look_at_the_same_days() -> None:
    query = (FOLDER.parents[1] / "services/risk/features.sql").read_text()
    window = "p.created_at >= now() - interval '90 days' AND p.created_at < now() - interval '1 day'"
    assert window in text("snapshot.sql")
    assert window in query


@pytest.mark.parametrize("script", ["build-data.sh", "start.sh"])
def test_scripts_can_be_run_and_stop_at_the_first_error(script: str) -> None:
    assert (FOLDER / script).stat().st_mode & 0o111
    assert "set -euo pipefail" in text(script)
