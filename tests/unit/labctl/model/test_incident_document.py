import json

from hypothesis import given
from hypothesis import strategies as st

from labctl.base.boot_clock import Anchor
from labctl.model.fault import RootCause
from labctl.model.incident import Attempt, Curves, Incident, Page, Status
from labctl.model.incident_document import answer_document, from_document, to_document
from labctl.model.measurement import Window
from labctl.model.verdict import Answer, Finding
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger
from tests.support.example_fault import CAUSE
from tests.support.example_incident import solved

TIMES = st.floats(0, 2e9)
CURVES = st.lists(st.tuples(TIMES, st.floats(allow_nan=False, allow_infinity=False)), max_size=4).map(tuple)
CAUSES = st.builds(RootCause, st.sampled_from(Component), st.sampled_from(Trigger), st.sampled_from(Mechanism))
INCIDENTS = st.builds(
    Incident,
    id=st.text(min_size=1),
    fault=st.text(min_size=1),
    healthy=st.builds(Window, TIMES, TIMES),
    injected_at=TIMES,
    status=st.sampled_from(Status),
    page=st.none() | st.builds(Page, st.text(), st.text(), st.text(), TIMES),
    attempts=st.lists(
        st.builds(
            Attempt,
            TIMES,
            st.builds(Answer, CAUSES, st.frozensets(st.sampled_from(Impact))),
            st.lists(st.text(), max_size=2).map(tuple),
            st.lists(st.sampled_from(Finding), max_size=2).map(tuple),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    ended_at=st.none() | TIMES,
    curves=st.dictionaries(st.text(), st.builds(Curves, CURVES, CURVES), max_size=2),
    seed=st.none() | st.integers(0),
    practice=st.booleans(),
    drawn=st.dictionaries(st.text(), st.text(), max_size=3),
    anchor=st.none() | st.builds(Anchor, st.text(), TIMES, TIMES),
)


@given(INCIDENTS)
def test_comes_back_from_json_as_it_was(incident: Incident) -> None:
    assert from_document(json.loads(json.dumps(to_document(incident)))) == incident


def test_an_answer_is_four_words() -> None:
    assert answer_document(Answer(CAUSE, frozenset({Impact.CHECKOUT_SLOW, Impact.CHECKOUT_ERRORS}))) == {
        "component": "risk",
        "trigger": "configuration-change",
        "mechanism": "connection-pool-too-small",
        "impact": ["checkouts-are-slow", "some-checkouts-fail"],
    }


def test_an_incident_of_an_older_labctl_is_read() -> None:
    older = to_document(solved())
    for name in ("anchor", "seed", "practice", "drawn"):
        del older[name]
    for each in older["attempts"]:
        del each["findings"]
    assert from_document(older) == solved()
