"""The stream of payment events, as a producer beside payments reaches it: records are appended, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.base.errors import EngineError
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.undo_log import Entry

STREAM = "payments.events"
DEAD_LETTERS = f"{STREAM}.dead"
GROUP = "ledger"
_ID = re.compile(r"\d+-\d+")
# Acknowledged first, so that the consumer that holds the record no longer has it pending.
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
class Stream(Mechanism):
    """The lab's stream of payment events. An undo entry has the id of the event that was added."""

    name: ClassVar[str] = "stream"

    def publish(self, fields: Mapping[str, str]) -> None:
        """Append a record with these fields, `event_id` among them. Raises EngineError when Redis refuses it."""
        self._note(fields["event_id"], {})
        pairs = (text for field in fields.items() for text in field)
        self._expect(_ID, self.stack.redis().ask("XADD", STREAM, "*", *pairs))

    def undo(self, entries: Sequence[Entry]) -> None:
        """Remove the events' records from the stream and from the dead letters; harmless when there are none."""
        for entry in entries:
            answer = self.stack.redis().ask("EVAL", _REMOVE, "2", STREAM, DEAD_LETTERS, entry.subject, GROUP)
            self._expect(re.compile(r"\d+"), answer)

    def _expect(self, pattern: re.Pattern[str], answer: str) -> None:
        if not pattern.fullmatch(answer):
            raise EngineError(f"Redis refused a change of {STREAM}: {answer}")
