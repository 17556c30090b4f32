"""A player that is on call through `labctl mcp`: it solves incidents by a few rules, from telemetry alone.

    python examples/player.py --name lab

A rule is a sign that can be measured, the component that it speaks of, and what usually causes it. The strongest sign,
as a multiple of what is normal, decides where and how; the change feed decides only what changed there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp import Client, StdioServerParameters, stdio_client

Json = dict[str, Any]
Ask = Callable[..., Awaitable[Json]]
"""Asks a tool: `await ask("metrics", query="up")`."""
SURE = 2.0
"""A sign has to be twice what is normal: what is only a little off may be a consequence, or chance."""
TRIGGERS = {
    "release": "code-release",
    "configuration": "configuration-change",
    "flag": "feature-flag",
    "migration": "schema-migration",
    "job": "scheduled-job",
    "traffic": "traffic-change",
}


@dataclass(frozen=True)
class Rule:
    """A sign; `query` yields a series for each of its components, named by `label` if `component` is not given."""

    query: str
    normal: float
    mechanism: str
    component: str = ""
    label: str = "service"
    trigger: str = "infrastructure-failure"
    """What it is where no change of the component explains it."""
    released: str = ""
    """The mechanism where the component's last change is a release."""


RULES = (
    Rule("increase(container_oom_events_total[2m])", 0.4, "out-of-memory-kill", released="memory-leak"),
    Rule(
        "rate(container_cpu_cfs_throttled_periods_total[20s]) / rate(container_cpu_cfs_periods_total[20s])",
        0.4,
        "cpu-throttling",
    ),
    Rule('sum(rate(container_network_tcp_retransmits_total{service="risk"}[20s]))', 2, "packet-loss", "risk-redis"),
    Rule("sum(rate(redis_evicted_keys_total[20s]))", 2, "cache-eviction", "redis"),
    Rule(
        'sum(rate(cache_requests_total{cache_result="miss"}[20s])) / sum(rate(cache_requests_total[20s]))',
        0.1,
        "cache-lifetime-too-short",
        "risk",
        released="cache-key-mismatch",
    ),
    Rule(
        "histogram_quantile(0.9, sum by (service, le) (rate(db_client_connection_wait_time_seconds_bucket[20s])))",
        0.05,
        "connection-pool-too-small",
        released="connection-leak",
    ),
    Rule('sum(rate(stream_messages_total{outcome="failed"}[20s]))', 0.1, "poison-message", "ledger", "", "bad-data"),
    Rule(
        "histogram_quantile(0.95, sum by (le) "
        '(rate(http_client_request_duration_seconds_bucket{server_address=~"acquirer.*"}[20s])))',
        0.5,
        "slow-dependency",
        "acquirer",
        trigger="dependency-degradation",
    ),
    Rule(
        'max(sum by (card_scheme) (rate(payments_authorisations_total{outcome!="approved"}[30s]))'
        " / sum by (card_scheme) (rate(payments_authorisations_total[30s])))",
        0.3,
        "dependency-rejects",
        "acquirer",
        trigger="dependency-degradation",
    ),
)
IMPACTS = {
    'sum(rate(client_request_duration_seconds_count{endpoint="checkout",outcome="error"}[30s]))': "some-checkouts-fail",
    'histogram_quantile(0.99, sum by (le) (rate(client_request_duration_seconds_bucket{endpoint="checkout"}[30s]))) '
    "> 0.5": "checkouts-are-slow",
}


@dataclass(frozen=True)
class Suspicion:
    """What a sign says: how many times what is normal it measured."""

    strength: float
    component: str
    rule: Rule


def strongest(found: Iterable[Suspicion]) -> Suspicion | None:
    """Return the strongest suspicion; None when nothing is clearly abnormal."""
    sure = [each for each in found if each.strength >= SURE]
    return max(sure, key=lambda each: each.strength, default=None)


def answer(suspicion: Suspicion, changes: Iterable[Mapping[str, Any]]) -> Json:
    """Return what to submit: the last change of the component, if it has one, is the trigger."""
    rule = suspicion.rule
    kinds = [each["kind"] for each in changes if each["component"] == suspicion.component]
    trigger = TRIGGERS.get(kinds[-1], rule.trigger) if kinds else rule.trigger
    released = trigger == "code-release" and rule.released
    return {"component": suspicion.component, "trigger": trigger, "mechanism": released or rule.mechanism}


async def play(ask: Ask, tell: Callable[[str], None] = print) -> Json | None:
    """Investigate the open incident and submit an answer; None when nothing is clear enough to submit."""
    page = (await ask("page"))["page"]
    tell(f"paged: {page['summary']}")
    suspicion = strongest([each for rule in RULES for each in await suspicions(ask, rule)])
    if suspicion is None:
        tell("nothing is clearly abnormal: a person has to look")
        return None
    told = answer(suspicion, (await ask("changes", since="15m"))["changes"])
    tell(f"{suspicion.strength:.1f} times what is normal: {' / '.join(told.values())}")
    impact = [word for query, word in IMPACTS.items() if sum([value for value, _ in await values(ask, query)]) > 0]
    reason = f"{suspicion.rule.query} is {suspicion.strength:.1f} times what is normal"
    await ask("note", text=reason)
    evidence = [f"promql:{suspicion.rule.query}"]
    return await ask("submit", **told, impact=impact or ["some-checkouts-fail"], evidence=evidence, because=reason)


async def suspicions(ask: Ask, rule: Rule) -> list[Suspicion]:
    """Return what a rule's sign says of each component now."""
    found = await values(ask, rule.query)
    return [
        Suspicion(value / rule.normal, rule.component or labels.get(rule.label, ""), rule) for value, labels in found
    ]


async def values(ask: Ask, query: str) -> list[tuple[float, Mapping[str, str]]]:
    """Return a query's values with their labels; what is no number (no data, NaN) is left out."""
    series = (await ask("metrics", query=query))["series"]
    return [(each["value"], each["labels"]) for each in series if isinstance(each["value"], float | int)]


async def connect(lab: str) -> Json | None:
    """Play in a lab, through a server that this process starts."""
    labctl = shutil.which("labctl", path=f"{os.path.dirname(sys.executable)}:{os.environ.get('PATH', '')}") or "labctl"  # noqa: PTH120
    server = StdioServerParameters(command=labctl, args=["mcp", "--name", lab], env=dict(os.environ))
    async with Client(stdio_client(server)) as client:

        async def ask(tool: str, **given: object) -> Json:
            result = await client.call_tool(tool, given)
            if result.is_error or result.structured_content is None:
                raise RuntimeError(f"{tool}: {result.content}")
            return dict(result.structured_content)

        return await play(ask)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Solve the open incident of a lab.")
    parser.add_argument("--name", default="lab")
    print(asyncio.run(connect(parser.parse_args().name)))
