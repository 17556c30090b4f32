"""Steps of the script: a colleague's change is made or taken back, once, however often a process is killed meanwhile.

What is about to be done is written down first. A step that was cut short is taken back as though it had never begun,
its entry in the change feed included: then it can be made again. Callers hold the lab's lock.
"""

from __future__ import annotations

import time
from dataclasses import replace

from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.model.colleague import ColleaguesChange
from labctl.model.draw import Draw
from labctl.state.change_feed import NewChange
from labctl.state.script import Made, Script, UnderWay
from labctl.state.undo_log import Entry

WORDS = (
    "As it was before: no difference seen",
    "Back again: the trial is over",
    "Back to the old value, to be discussed",
    "Back to what it was",
    "Put it back as it was",
    "Return to what the runbook says",
    "Revert, as agreed in the review",
    "Take it back for now",
    "The comparison has run long enough",
    "Undo last week's experiment",
)
"""What people say when they take a change back."""


def make(lab: Lab, script: Script, change: ColleaguesChange, due: float) -> Script:
    """Make a change as the script's next step, and return the script after it: the one that follows is then `due`.

    A change that would change nothing leaves no step. Raises LabctlError; what was changed is taken back then.
    """
    begun = _begin(lab, script, change.id)
    draw = Draw(seed_of(script))
    try:
        change.make(lab, draw)
    except BaseException:
        settle(lab)
        raise
    made = _made(lab, script, begun, change, draw)
    return _save(lab, replace(advanced(script, due), made=(*script.made, *made)))


def take_back(lab: Lab, script: Script, made: Made, due: float) -> Script:
    """Take a step back as the script's next one, in the words of a colleague, and return the script after it."""
    begun = _begin(lab, script, made.change, back=made.number, due=due)
    _undo(lab, made.undo)
    _tell_way_back(lab, begun, made, seed_of(script))
    return _save(lab, advanced(script.without(made.number), due))


def advanced(script: Script, due: float) -> Script:
    """Return the script one step further."""
    return replace(script, next=script.next + 1, due=due)


def failed(lab: Lab, script: Script, due: float) -> Script:
    """Go on after a step that could not be made: it is not tried again, and the one that follows is `due`.

    A way back that was cut short goes on as the same step, when it is settled. Returns the script as it is then.
    """
    now = lab.store.script.read() or script
    return _write(lab, replace(now if now.under_way else advanced(now, due), failed=now.failed + 1))


def seed_of(script: Script) -> str:
    """Return the seed of the script's next step."""
    return f"{script.seed}/{script.next - script.base}"


def end(lab: Lab, script: Script, made: Made) -> Script:
    """Undo a step that ends by itself, and return the script without it; the feed says nothing of that."""
    _begin(lab, script, made.change, back=made.number)
    _undo(lab, made.undo)
    return _save(lab, script.without(made.number))


def settle(lab: Lab) -> None:
    """Take back what a step that was cut short had done. Harmless without one. Raises LabctlError."""
    script = lab.store.script.read()
    begun = script.under_way if script else None
    if script is None or begun is None:
        return
    if begun.back is None:
        _undo(lab, tuple(each.number for each in lab.store.undo_log.entries() if each.number > begun.undo))
        lab.store.changes.remove_after(begun.feed)
    else:
        for made in script.made:
            if made.number == begun.back:
                _undo(lab, made.undo)
                if begun.due is not None:
                    _tell_way_back(lab, begun, made, seed_of(script))
        script = script.without(begun.back)
        script = script if begun.due is None else advanced(script, begun.due)
    _save(lab, script)


def cut_short(lab: Lab) -> bool:
    """Whether a step has begun and not ended: with the lab held, it was cut short."""
    script = lab.store.script.read()
    return script is not None and script.under_way is not None


def forget(lab: Lab) -> None:
    """Note that nothing of the script is in force any more: the lab was healed."""
    script = lab.store.script.read()
    if script is not None:
        _save(lab, replace(script, made=()))


def others(lab: Lab) -> list[Entry]:
    """Return the entries of the undo log that are not the script's: somebody's whose change is to be healed."""
    script = lab.store.script.read()
    own = {number for each in script.made for number in each.undo} if script else set()
    return [each for each in lab.store.undo_log.entries() if each.number not in own]


def covered(lab: Lab, made: Made) -> bool:
    """Whether somebody has changed the same subject since: taking the step back would undo that as well."""
    entries = lab.store.undo_log.entries()
    own = [each for each in entries if each.number in made.undo]
    return any(over(later, each) for each in own for later in entries if later.number not in made.undo)


def over(later: Entry, entry: Entry) -> bool:
    """Whether a later change is of the same thing: taking the earlier one back would undo it as well."""
    return later.number > entry.number and _what(later) == _what(entry)


def _what(entry: Entry) -> tuple[str, str, object]:
    """Return what an entry's change has changed: of a service's settings, the one."""
    return entry.mechanism, entry.subject, entry.before.get("key")


def _begin(lab: Lab, script: Script, change: str, back: int | None = None, due: float | None = None) -> UnderWay:
    last = max((each.number for each in lab.store.undo_log.entries()), default=0)
    begun = UnderWay(change, time.time(), last, lab.store.changes.last_id(), back, due)
    lab.store.script.write(replace(script, under_way=begun))
    return begun


def _made(lab: Lab, script: Script, begun: UnderWay, change: ColleaguesChange, draw: Draw) -> list[Made]:
    undo_numbers = tuple(each.number for each in lab.store.undo_log.entries() if each.number > begun.undo)
    if not undo_numbers:
        return []
    feed = tuple(each.id for each in lab.store.changes.list() if each.id > begun.feed)
    now = time.time()
    until = now + draw.number(change.lasts.least_s, change.lasts.most_s) if change.lasts else None
    kind, component = str(change.kind), str(change.component)
    return [Made(script.next, change.id, kind, component, begun.began, now, until, undo_numbers, feed)]


def _save(lab: Lab, script: Script) -> Script:
    return _write(lab, replace(script, under_way=None))


def _write(lab: Lab, script: Script) -> Script:
    lab.store.script.write(script)
    return script


def _undo(lab: Lab, numbers: tuple[int, ...]) -> None:
    entries = [each for each in lab.store.undo_log.entries() if each.number in numbers]
    undo.take_back(lab, entries)


def _tell_way_back(lab: Lab, begun: UnderWay, made: Made, seed: str) -> None:
    """Let the feed tell that a step was taken back, in a colleague's words; told again, it is told once."""
    draw = Draw(f"{seed}/back")
    author, words = draw.author(), draw.one_of(*WORDS)
    feed = lab.store.changes.list(past=True)
    details = {each.component: each.detail for each in feed if each.id > begun.feed}
    there = [each for each in feed if each.id in made.feed]
    lab.store.changes.replace_after(
        begun.feed,
        [
            NewChange(each.kind, each.component, words, each.new, each.old, author, details.get(each.component, ""))
            for each in there
        ],
    )
