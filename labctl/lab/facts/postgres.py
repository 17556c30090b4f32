"""Facts of a lab's database: schema, roles, settings, rows that no service writes, and sessions left open."""

from __future__ import annotations

from pathlib import Path

from labctl.docker.docker import Docker
from labctl.lab.facts.fact import Facts

# As the superuser: only this role sees everything, and it can log in only from inside the container.
_PSQL = ("psql", "--no-psqlrc", "--quiet", "--dbname", "payments")
TIMEOUT_S = 30.0
QUERIES = Path(__file__).with_name("postgres.sql")


def facts(docker: Docker, container: str) -> Facts:
    """Ask the database in this container, read-only. Raises EngineError when it doesn't answer."""
    sql = QUERIES.read_text(encoding="utf-8")
    return parse(docker.exec(container, *_PSQL, stdin=sql, user="postgres", timeout=TIMEOUT_S))


def parse(copied: str) -> Facts:
    r"""Return the facts of lines that COPY wrote: place, tab, value; NULL (\N) is an empty value."""
    rows = (line.split("\t") for line in copied.splitlines())
    return {f"postgres: {place}": value.removeprefix("\\N") for place, value in rows}
