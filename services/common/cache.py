"""Redis clients: bounded waits, no hidden retries, a span for every command."""

from __future__ import annotations

from opentelemetry.instrumentation.redis import RedisInstrumentor
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.common.batch_names import ShortNames


def connect(url: str, *, timeout: float, traced: bool = True) -> Redis:
    """Return a client whose every command ends within about `timeout` seconds; strings in and out.

    A command that finds its idle connection closed is sent once more on a new one; `traced=False` is for loops that
    poll, whose spans would belong to no request.
    """
    client = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 1),
        max_connections=32,
    )
    if traced:
        RedisInstrumentor().instrument_client(client, tracer_provider=ShortNames())
    return client
