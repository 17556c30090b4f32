"""Everything of a lab that a learner can reach, as text by place: what an audit for leaks reads."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx

from labctl.lab.lab import Lab
from labctl.lookups.logql import LineFilter
from tests.support import one_process

Text = tuple[str, str]
"""A place in words, and what stands there."""

APP = "/app"
SOURCES = {
    **dict.fromkeys(("gateway", "payments", "risk", "ledger", "jobs", "acquirer", "telemetry", "containers"), (APP,)),
    "clients": (APP,),
    "postgres": ("/opt/postgres", "/var/lib/postgresql/data/postgresql.auto.conf"),
    "redis": ("/opt/redis",),
    "prometheus": ("/etc/prometheus",),
}
"""What of a container's files is ours: libraries and programs are Debian's and PyPI's."""

AT_ONCE = 4
LOOKED_AT = (
    ("page",),
    ("topology",),
    ("changes",),
    ("changes", "--json"),
    ("logs",),
    ("traces",),
)
# psql's and redis-cli's own look-ups would be found, too: the statistics are not kept of ours.
_SQL = """
SET pg_stat_statements.track = 'none';
SELECT 'statement', query FROM pg_stat_statements;
SELECT 'session', usename, application_name, query FROM pg_stat_activity WHERE pid <> pg_backend_pid();
SELECT 'comment', description FROM pg_description WHERE objoid >= 16384;
SELECT 'name', n.nspname, c.relname, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384;
SELECT 'column', attname FROM pg_attribute WHERE attrelid >= 16384;
SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384;
SELECT 'function', proname, prosrc FROM pg_proc WHERE oid >= 16384;
SELECT 'role', rolname, rolconfig FROM pg_roles;
SELECT 'setting', name, setting FROM pg_settings WHERE source <> 'default';
SELECT 'merchant', name, category FROM merchants;
SELECT 'event', event FROM outbox ORDER BY id DESC LIMIT 500;
SELECT 'payment', payments FROM (SELECT * FROM payments ORDER BY created_at DESC LIMIT 500) AS payments;
SELECT DISTINCT 'words of payments', currency, scheme, status, decline_reason FROM payments;
SELECT DISTINCT 'words of a request', regexp_replace(request_id, '[0-9a-f-]{16,}', '') FROM payments;
SELECT DISTINCT 'account', regexp_replace(account, '[0-9]+', '') FROM balances;
"""
_REDIS = r"""
export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli --scan --count 1000 | sed 's/[0-9][0-9]*/N/g' | sort -u
redis-cli CONFIG GET '*'
redis-cli CLIENT LIST
redis-cli SLOWLOG GET 128
redis-cli --scan --type stream | while read -r stream; do
    redis-cli XREVRANGE "$stream" + - COUNT 300
    redis-cli XINFO GROUPS "$stream"
done
"""


@dataclass(frozen=True)
class Reach:
    """What can be reached of a lab, from `since` (epoch seconds) on where it has a time."""

    lab: Lab
    since: float

    def texts(self) -> list[Text]:
        """Return all of it. The parts are looked at some at a time: most of the time each waits for Docker."""
        parts = (
            *(self.commands, self.containers, self.files, self.datastores),
            *(self.images, self.logs, self.metrics, self.spans),
        )
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reach") as pool:
            return [text for part in pool.map(lambda part: list(part()), parts) for text in part]

    def containers(self) -> Iterator[Text]:
        """Names, environments, labels, processes, output, networks and volumes."""
        docker = self.lab.stack.docker
        there = self.lab.stack.ps()
        for each, inspected in zip(there, docker.inspect(*(each.id for each in there)), strict=True):
            # Nobody can have changed a file of its image then, and looking for changes takes a second for each.
            assert inspected["HostConfig"]["ReadonlyRootfs"], each.service
            yield f"container {each.service}", json.dumps(inspected, indent=1)
            yield f"processes {each.service}", docker.run("top", each.id)
            yield f"output {each.service}", docker.logs(each.id, tail=500)
        for kind in ("network", "volume"):
            labelled = ("--filter", f"label=com.docker.compose.project={self.lab.stack.project}")
            yield f"{kind}s", docker.run(kind, "ls", *labelled, "--format", "{{.Name}} {{.Labels}}")

    def images(self) -> Iterator[Text]:
        """Tags, labels, histories."""
        docker = self.lab.stack.docker
        ours = docker.run("images", "--format", "{{.Repository}}:{{.Tag}}", "labctl/*").split()
        yield "image tags", "\n".join(ours)
        ids = docker.images("labctl/*")
        for image in sorted({each.image for each in self.lab.stack.ps()}):
            yield from _image(image, ids.get(image, image))

    def files(self) -> Iterator[Text]:
        """Names and contents of the files that are ours."""
        for service, folders in SOURCES.items():
            container = self.lab.stack.container(service)
            for folder in folders:
                found = _copied(container.id, folder) if folder.endswith(".conf") else _sources(container.id, folder)
                for name, content in found:
                    yield f"file {service}:{folder}/{name}", f"{name}\n{content}"

    def logs(self) -> Iterator[Text]:
        """Every line of the log store."""
        lines = self.lab.logs.search(LineFilter(), self.since, time.time(), 5000)
        yield "log store", "\n".join({str(replace(each, at=0.0)) for each in lines})

    def metrics(self) -> Iterator[Text]:
        """Names, help texts, label values, rules, targets."""
        base = self.lab.addresses.prometheus
        with httpx.Client(base_url=base, timeout=20, trust_env=False) as client:
            labels: list[str] = client.get("/api/v1/labels").json()["data"]
            yield "label names", "\n".join(labels)
            for label in labels:
                values = client.get(f"/api/v1/label/{quote(label)}/values", params={"start": self.since}).json()["data"]
                yield f"label {label}", "\n".join(values)
            for what in ("metadata", "rules", "alerts", "targets", "status/config", "status/flags"):
                yield f"prometheus {what}", client.get(f"/api/v1/{what}").text

    def spans(self) -> Iterator[Text]:
        """Services, operations, and the spans of the last traces with their attributes."""
        base = self.lab.addresses.telemetry
        with httpx.Client(base_url=base, timeout=20, trust_env=False) as client:
            services: list[str] = client.get("/api/services").json()["data"]
            yield "traced services", "\n".join(services)
            for service in services:
                yield f"operations {service}", client.get(f"/api/services/{quote(service)}/operations").text
                asked: dict[str, str | int] = {
                    "service": service,
                    "limit": 100,
                    "start": int(self.since * 1e6),
                    "end": int(time.time() * 1e6),
                }
                yield f"traces {service}", "\n".join(set(_strings(client.get("/api/traces", params=asked).json())))

    def datastores(self) -> Iterator[Text]:
        """Catalogues, statements, sessions, settings, the rows that have words in them; keys, streams, clients."""
        docker, stack = self.lab.stack.docker, self.lab.stack
        psql = ("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--dbname", "payments")
        yield "postgres", docker.exec(stack.container("postgres").id, *psql, stdin=_SQL, user="postgres")
        yield "redis", docker.exec(stack.container("redis").id, "sh", "-c", _REDIS)

    def commands(self) -> Iterator[Text]:
        """What the look-ups of the command line answer."""
        changed = sorted({change.component for change in self.lab.store.changes.list(since=self.since)})
        commands = [*LOOKED_AT, *(("diff", component) for component in changed)]
        done = one_process.run(*((*command, "--name", self.lab.name) for command in commands))
        for command, said in zip(commands, done, strict=True):
            assert command[0] != "diff" or said.code == 0, said.text
            yield f"labctl {' '.join(command)}", said.text


def state_files(lab: Lab) -> Iterator[Text]:
    """Yield what the lab's folder holds, byte by byte."""
    for path in sorted(lab.folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(lab.folder).as_posix(), path.read_bytes().decode("latin-1")


def _strings(document: object) -> Iterator[str]:
    """Yield every key and every text within JSON types."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield str(name)
            yield from _strings(value)
    elif isinstance(document, list):
        for each in document:
            yield from _strings(each)
    elif isinstance(document, str):
        yield document


# A container is read-only but for its volumes (`containers` checks it): its sources are what they were at its start.
@lru_cache(maxsize=64)
def _sources(container: str, folder: str) -> tuple[Text, ...]:
    return tuple(_copied(container, folder))


# An image never changes under its id.
@lru_cache(maxsize=64)
def _image(name: str, image_id: str) -> tuple[Text, ...]:
    (inspected,) = json.loads(_docker("image", "inspect", image_id))
    history = _docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image_id)
    return (f"image {name}", json.dumps(inspected["Config"])), (f"image history {name}", history)


def _docker(*words: str) -> str:
    return subprocess.run(["docker", *words], capture_output=True, check=True, text=True).stdout


def _copied(container: str, folder: str) -> Iterator[Text]:
    done = subprocess.run(["docker", "cp", f"{container}:{folder}", "-"], capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            file: Any = archive.extractfile(member) if member.isfile() else None
            if file and not member.name.endswith(".pyc"):
                yield member.name, file.read().decode(errors="replace")
