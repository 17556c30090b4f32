"""The stream of payment events, as a producer beside payments reaches it: records are appended, and taken out again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from labctl.base.errors import EngineError, LabStateError
from labctl.lab.mechanisms.mechanism import Mechanism
from labctl.state.undo_log import Entry

STREAM = "payments.events"
DEAD_LETTERS = f"{STREAM}.dead"
GROUP = "ledger"
_ID = re.compile(r"\d+-\d+")
_PARKED = re.compile(r"\d+-\d+ [^\s]*")
PARKED = "parked"
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
# Without an id: the record that was handed out first of those that nobody acknowledged.
_PARK = """
local wanted = ARGV[1]
if wanted == '' then
  local pending = redis.call('XPENDING', KEYS[1], ARGV[2], '-', '+', 1)
  if #pending == 0 then return '' end
  wanted = pending[1][1]
end
for _, record in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  local fields, event = record[2], ''
  for at = 1, #fields, 2 do
    if fields[at] == 'event_id' then event = fields[at + 1] end
  end
  if record[1] == wanted or event == wanted then
    if ARGV[3] == 'look' then return record[1] .. ' ' .. event end
    local letter = {}
    for at = 1, #fields do letter[at] = fields[at] end
    for _, more in ipairs({'original_id', record[1], 'reason', 'parked by hand'}) do letter[#letter + 1] = more end
    redis.call('XADD', KEYS[2], '*', unpack(letter))
    redis.call('XACK', KEYS[1], ARGV[2], record[1])
    redis.call('XDEL', KEYS[1], record[1])
    return record[1] .. ' ' .. event
  end
end
return ''
"""
_UNPARK = """
local back = 0
for _, letter in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
  local fields, kept, original = letter[2], {}, ''
  for at = 1, #fields, 2 do
    if fields[at] == 'original_id' then original = fields[at + 1] end
    if fields[at] ~= 'original_id' and fields[at] ~= 'reason' then
      kept[#kept + 1] = fields[at]
      kept[#kept + 1] = fields[at + 1]
    end
  end
  if original == ARGV[1] then
    redis.call('XADD', KEYS[1], '*', unpack(kept))
    back = back + redis.call('XDEL', KEYS[2], letter[1])
  end
end
return back
"""


@dataclass(frozen=True)
class Stream(Mechanism):
    """The lab's stream of payment events. An undo entry has the id of the event that was added or parked."""

    name: ClassVar[str] = "stream"

    def publish(self, fields: Mapping[str, str]) -> None:
        """Append a record with these fields, `event_id` among them. Raises EngineError when Redis refuses it."""
        self._note(fields["event_id"], {})
        pairs = (text for field in fields.items() for text in field)
        self._expect(_ID, self.stack.redis().ask("XADD", STREAM, "*", *pairs))

    def park(self, record: str = "") -> str:
        """Move a record, by its id or its event's, to the dead letters; return "ID EVENT" of what was moved.

        Without an id, it is the record that waits longest for being acknowledged. Raises LabStateError when there is
        no such record, EngineError when Redis refuses.
        """
        answer = self._park(record, "look")
        if not answer:
            what = f"record {record}" if record else "record that waits to be acknowledged"
            raise LabStateError(f"there is no {what} in {STREAM}", todo="see the ledger's traces and logs")
        self._expect(_PARKED, answer)
        found, _, event = answer.partition(" ")
        self._note(event, {PARKED: found})
        self._park(found, "move")
        return answer

    def undo(self, entries: Sequence[Entry]) -> None:
        """Put parked records back; remove the events' records from the stream and from the dead letters.

        Harmless when there are none. An event that was added by the same changes is not put back first.
        """
        added = {entry.subject for entry in entries if PARKED not in entry.before}
        for entry in entries:
            if PARKED in entry.before:
                if entry.subject not in added:
                    answer = self.stack.redis().ask("EVAL", _UNPARK, "2", STREAM, DEAD_LETTERS, entry.before[PARKED])
                    self._expect(re.compile(r"\d+"), answer)
                continue
            answer = self.stack.redis().ask("EVAL", _REMOVE, "2", STREAM, DEAD_LETTERS, entry.subject, GROUP)
            self._expect(re.compile(r"\d+"), answer)

    def _park(self, record: str, how: str) -> str:
        return self.stack.redis().ask("EVAL", _PARK, "2", STREAM, DEAD_LETTERS, record, GROUP, how)

    def _expect(self, pattern: re.Pattern[str], answer: str) -> None:
        if not pattern.fullmatch(answer):
            raise EngineError(f"Redis refused a change of {STREAM}: {answer}")
