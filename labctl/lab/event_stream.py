"""The stream of payment events, as a producer beside payments reaches it: records are appended, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from labctl.base.errors import EngineError
from labctl.docker.redis_server import RedisServer

STREAM = "payments.events"
DEAD_LETTERS = f"{STREAM}.dead"
GROUP = "ledger"
_ID = re.compile(r"\d+-\d+")
# Acknowledged first: whoever holds the record then has nothing left to do with it.
_REMOVE = """
local removed = 0
for _, stream in ipairs(KEYS) do
  for _, record in ipairs(redis.call('XRANGE', stream, '-', '+')) do
    local fields = record[2]
    for at = 1, #fields, 2 do
      if fields[at] == 'event_id' and fields[at + 1] == ARGV[1] then
        redis.call('XACK', stream, ARGV[2], record[1])
        removed = removed + redis.call('XDEL', stream, record[1])
      end
    end
  end
end
return removed
"""


@dataclass(frozen=True)
class EventStream:
    """The stream in one Redis."""

    server: RedisServer

    def append(self, fields: Mapping[str, str]) -> None:
        """Append a record. Raises EngineError when Redis refuses it."""
        pairs = (text for field in fields.items() for text in field)
        self._expect(_ID, self.server.ask("XADD", STREAM, "*", *pairs))

    def remove(self, event_id: str) -> None:
        """Take an event's records out, wherever they have got to; harmless when there are none. Raises EngineError."""
        answer = self.server.ask("EVAL", _REMOVE, "2", STREAM, DEAD_LETTERS, event_id, GROUP)
        self._expect(re.compile(r"\d+"), answer)

    def _expect(self, pattern: re.Pattern[str], answer: str) -> None:
        if not pattern.fullmatch(answer):
            raise EngineError(f"Redis refused a change of {STREAM}: {answer}")
