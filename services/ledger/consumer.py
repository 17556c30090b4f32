"""Handling one message: read it, book it, acknowledge it; or leave it to be delivered again; or give it up."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

import psycopg
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from services.common import origin, request_context
from services.common.database import DatabaseError
from services.ledger import backlog
from services.ledger.books import Books
from services.ledger.events import MalformedEventError, PaymentEvent, parse
from services.ledger.stream import Message, StreamGroup

_log = logging.getLogger(__name__)
_tracer = trace.get_tracer("services")


@dataclass(frozen=True)
class Consumer:
    """Books messages exactly once: at least once from the stream, at most once by the event's id."""

    stream: str
    group: StreamGroup
    books: Books
    most_deliveries: int

    def handle(self, message: Message) -> str:
        """Return the outcome: booked, duplicate, ignored, failed or dead.

        Raises DatabaseError or RedisError when the message isn't to blame: then it has to be handled again.
        """
        token = request_context.bind(request_context.accept(message.fields.get("request_id")))
        try:
            with origin.of_message(message.fields), self._span(message) as span:
                outcome = self._outcome(message, span)
                span.set_attribute("messaging.outcome", outcome)
        finally:
            request_context.release(token)
        backlog.count(self.stream, outcome)
        return outcome

    def _outcome(self, message: Message, span: Span) -> str:
        try:
            outcome = self._book(parse(message.fields))
        except DatabaseError:
            backlog.count(self.stream, "postponed")
            raise
        except (MalformedEventError, psycopg.Error) as error:
            span.set_status(StatusCode.ERROR, str(error))
            return self._refused(message, error)
        self.group.done(message)
        return outcome

    def _book(self, event: PaymentEvent) -> str:
        if not event.moves_money:
            return "ignored"
        return "booked" if self.books.book(event) else "duplicate"

    def _refused(self, message: Message, error: Exception) -> str:
        deliveries = self.group.deliveries(message)
        fields = {"message_id": message.id, "deliveries": deliveries, "error_type": type(error).__name__}
        if deliveries < self.most_deliveries:
            _log.warning("message not booked, to be delivered again: %s", error, extra=fields)
            return "failed"
        self.group.give_up(message, str(error))
        _log.error("message given up: %s", error, extra=fields)
        return "dead"

    def _span(self, message: Message) -> AbstractContextManager[Span]:
        return _tracer.start_as_current_span(
            f"process {self.stream}",
            # A child of the producer's span: one trace from the checkout to its booking.
            context=propagate.extract({"traceparent": message.fields.get("traceparent", "")}),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "redis",
                "messaging.operation.type": "process",
                "messaging.destination.name": self.stream,
                "messaging.message.id": message.fields.get("event_id", message.id),
            },
            record_exception=False,
        )
