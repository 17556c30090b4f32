"""A whole debrief of the example incident, with everything in it that a debrief can have."""

from __future__ import annotations

from dataclasses import replace

from labctl.actions.debrief import Debrief, answer
from labctl.play.debrief import Debrief as Story
from labctl.play.debrief import tell
from labctl.play.mitigation_story import Known, Mitigated, StepTaken
from labctl.play.starting import PAGE
from labctl.state.change_feed import Change
from labctl.state.journal import LOOK_UP, Entry
from tests.support.example_fault import EXAMPLE, NEAR
from tests.support.example_incident import INJECTED, PAGED, SOLVED, attempt, solved

HOSTILE = (
    '</script><script>alert(1)</script> <img src=x onerror=alert(2)> "quoted" | `ticks` '
    "[link](javascript:alert(3)) \x1b[2J"
)
CAUSE_CHANGE = Change(2, INJECTED + 1, "configuration", "risk", "Use fewer connections", "4", "2", "c.meyer")
DECOY = Change(1, INJECTED - 40, "flag", "gateway", "Trim more exactly", "off", "on", "a.novak")
FAR = Change(3, PAGED + 50, "job", "jobs", "Tidy up", "", "tidy", "n.haddad")
CHANGES = (DECOY, CAUSE_CHANGE, FAR)


def entry(at: float, kind: str = LOOK_UP, /, **payload: object) -> Entry:
    """Return an entry of the journal."""
    return Entry(0, at, kind, dict(payload), "")


def entries(text: str = "a word") -> list[Entry]:
    """Return a journal; `text` is in everything that a learner wrote or asked."""
    own = {"incident": "INC-0001"}
    return [
        entry(PAGED + 0.5, PAGE, **own, alert="CheckoutErrorRatioHigh", summary="Checkouts fail"),
        entry(PAGED + 10, command="logs", query=f'{{service_name="gateway"}} |~ "{text}"', since="5m"),
        entry(PAGED + 20, command="metrics", query="queue", range="5m"),
        entry(PAGED + 25, command="sql", statement=text),
        entry(PAGED + 30, command="diff", service="risk", old="", new=""),
        entry(PAGED + 32, "note", **own, at=PAGED + 32, text=text),
        entry(PAGED + 34, "hypothesis", **own, at=PAGED + 34, text=text),
        entry(PAGED + 36, "hypothesis", **own, at=PAGED + 36, number=1, bearing="supported", evidence=[text]),
        entry(PAGED + 38, "update", **own, at=PAGED + 38, text=text),
        entry(PAGED + 60, "mitigation", **own, number=1, what=f"rollback risk {text}"),
        entry(SOLVED, "end", **own, status="solved", at=SOLVED, changes=[1, 2, 3]),
        entry(SOLVED, "later-pages", **own, pages=[[PAGED + 44, "LedgerLate"]]),
    ]


def example_story(text: str = "a word", changes: tuple[Change, ...] = CHANGES) -> Story:
    """Return the debrief as it is told."""
    step = StepTaken(1, 60.0, f"rollback risk {text}", False, (), f"its counters {text}")
    mitigated = Mitigated((step,), 75.0, (f"the service level was back {text}",), (Known("restart risk", False, text),))
    story = tell(EXAMPLE, solved(attempt(PAGED + 50, NEAR)), entries(text), changes)
    return replace(story, mitigated=mitigated)


def example_debrief(text: str = "a word", changes: tuple[Change, ...] = CHANGES) -> Debrief:
    """Return the debrief as the action answers it."""
    return answer(example_story(text, changes))
