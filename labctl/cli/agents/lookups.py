"""The tools that look into a lab; each look-up is in the journal, with a number, as one at the command line is."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions import changes as feed
from labctl.actions import logs, lookups, metrics, runbook, sql, status, topology, trying
from labctl.actions import traces as tracing
from labctl.cli.agents import parameters as p
from labctl.cli.options import service_name


@dataclass(frozen=True)
class LookUps:
    """Look-ups in the lab `lab`. A method's name is the tool's, its docstring is what the agent reads."""

    lab: str

    def status(self) -> status.Status:
        """Show the lab: containers, steady state, pages that fire, changes of the last hour."""
        return status.status(self.lab)

    def runbook(self, alert: p.Text = "") -> runbook.Runbook:
        """Read how to look into an alert; the one that paged last if none is named."""
        return runbook.runbook(self.lab, alert)

    def topology(self, window: p.Since = "1m") -> topology.Topology:
        """List which components call which: rate, share of errors and p95 of every connection."""
        return topology.topology(self.lab, window)

    def changes(self, since: p.Since = "") -> feed.Changes:
        """List the changes made to the lab, the oldest first; most of them are harmless."""
        return feed.changes(self.lab, since)

    def diff(self, service: p.Service, old: p.Text = "", new: p.Text = "") -> feed.Difference:
        """Show a service's last change as a diff, or the difference between two of its versions."""
        return feed.diff(self.lab, service, old, new)

    def metrics(self, query: p.Query, range: p.Range = "", step: p.Text = "") -> metrics.Values | metrics.Curves:
        """Ask Prometheus: values now, or curves over a range, a point every `step`."""
        return metrics.curves(self.lab, query, range, step) if range else metrics.values(self.lab, query)

    def logs(
        self,
        *,
        service: p.Service = "",
        grep: p.Regex = "",
        trace: p.TraceId = "",
        level: p.Level = "",
        since: p.Since = "2m",
        limit: p.Limit = 100,
    ) -> logs.Logs:
        """Read the newest log lines that match."""
        wanted = logs.Wanted(service_name(service), grep, trace, level)
        return logs.logs(self.lab, wanted, since=since, limit=limit)

    def traces(
        self,
        *,
        service: p.Service = "",
        operation: p.Text = "",
        min_ms: float = 0.0,
        errors: bool = False,
        since: p.Since = "5m",
        limit: p.Limit = 20,
    ) -> tracing.Traces:
        """Find traces: with a slow span, a failed one, a part of an operation's name."""
        wanted = tracing.TraceFilter(service_name(service), operation, min_ms, errors)
        return tracing.traces(self.lab, wanted, since=since, limit=limit)

    def trace(self, id: p.TraceId, since: p.Since = "1h") -> tracing.Trace:
        """Show every span of one trace."""
        return tracing.spans_of(self.lab, id, since)

    def sql(self, statement: p.Statement, limit: p.Limit = 100) -> sql.Rows:
        """Ask the database; nothing can be changed."""
        return sql.rows(self.lab, statement, limit)

    def try_request(
        self,
        *,
        request: p.Text,
        customer: int = 1,
        merchant: int = 1,
        amount: int = 2500,
        scheme: p.Text = "visa",
        payment: p.Text = "",
    ) -> trying.Tried:
        """Send one request as a user would: checkout, lookup, history or refund; the amount in cents."""
        return trying.attempt(self.lab, request, trying.Wanted(customer, merchant, amount, scheme, payment))

    def lookups(self) -> lookups.LookUps:
        """List the look-ups since the page with their numbers, which may be given as evidence."""
        return lookups.lookups(self.lab)
