import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError, NotFoundError
from labctl.model.fault import Fault, RootCause
from labctl.model.verdict import (
    EVIDENCE_POINTS,
    IMPACT_POINTS,
    NOTHING_EARNED,
    ROOT_CAUSE_POINTS,
    WRONG_POINTS,
    Answer,
    Score,
    impact_points,
    is_root_cause,
    parse_answer,
    score,
    word,
)
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger
from tests.support.catalogue import FAULTS
from tests.support.example_fault import ALSO, CAUSE, EXAMPLE, NEAR, example

CAUSES = st.builds(RootCause, st.sampled_from(Component), st.sampled_from(Trigger), st.sampled_from(Mechanism))
IMPACTS = st.frozensets(st.sampled_from(Impact), max_size=4)
ANSWERS = st.builds(Answer, CAUSES, IMPACTS)
RIGHT = Answer(CAUSE, frozenset({Impact.CHECKOUT_ERRORS}))
WHOLE = Answer(CAUSE, EXAMPLE.impact)


class TestIsRootCause:
    @given(ANSWERS)
    def test_only_the_cause_and_what_is_accepted_for_it(self, answer: Answer) -> None:
        assert is_root_cause(EXAMPLE, answer) == (answer.root_cause in (CAUSE, ALSO))

    @given(IMPACTS)
    def test_the_impact_never_decides(self, impact: frozenset[Impact]) -> None:
        assert is_root_cause(EXAMPLE, Answer(CAUSE, impact))
        assert not is_root_cause(EXAMPLE, Answer(NEAR, impact))

    @given(CAUSES)
    def test_two_of_three_are_not_enough(self, other: RootCause) -> None:
        for mixed in (
            RootCause(other.component, CAUSE.trigger, CAUSE.mechanism),
            RootCause(CAUSE.component, other.trigger, CAUSE.mechanism),
            RootCause(CAUSE.component, CAUSE.trigger, other.mechanism),
        ):
            assert is_root_cause(EXAMPLE, Answer(mixed, frozenset())) == (mixed in (CAUSE, ALSO))


class TestScore:
    def test_a_hundred_points_in_all(self) -> None:
        assert ROOT_CAUSE_POINTS + IMPACT_POINTS + EVIDENCE_POINTS == 100
        assert score(EXAMPLE, WHOLE, 2).total == 100

    @given(ANSWERS, st.integers(0, 5))
    def test_a_wrong_cause_earns_nothing_whatever_else_is_right(self, answer: Answer, holds: int) -> None:
        if not is_root_cause(EXAMPLE, answer):
            assert score(EXAMPLE, answer, holds) == NOTHING_EARNED

    @given(ANSWERS, st.integers(0, 5))
    def test_never_more_than_a_hundred_nor_less_than_the_cause(self, answer: Answer, holds: int) -> None:
        right = score(EXAMPLE, Answer(CAUSE, answer.impact), holds)
        assert ROOT_CAUSE_POINTS <= right.total <= 100

    @pytest.mark.parametrize(
        ("named", "points"),
        [
            ((), 0),
            ((Impact.CHECKOUT_ERRORS,), 7.5),
            ((Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_SLOW), 15),
            ((Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_SLOW, Impact.REFUND_ERRORS), 7.5),
            ((Impact.CHECKOUT_ERRORS, Impact.REFUND_ERRORS), 0),
            (tuple(Impact), 0),
        ],
    )
    def test_the_impact_by_what_is_right_and_what_is_wrong(self, named: tuple[Impact, ...], points: float) -> None:
        assert score(EXAMPLE, Answer(CAUSE, frozenset(named)), 0).impact == points

    @pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
    def test_a_full_right_answer_earns_all_under_every_fault(self, fault: Fault) -> None:
        assert impact_points(fault, Answer(fault.root_cause, fault.impact)) == IMPACT_POINTS

    @pytest.mark.parametrize(
        ("named", "points"),
        [
            ((Impact.CHECKOUT_ERRORS,), 15),
            ((Impact.CHECKOUT_OUTAGE,), 15),
            ((Impact.CHECKOUT_OUTAGE, Impact.EVERYTHING_FAILS), 15),
            ((Impact.CHECKOUT_OUTAGE, Impact.CHECKOUT_SLOW), 0),
            ((Impact.EVERYTHING_SLOW,), 0),
        ],
    )
    def test_words_that_differ_in_degree_are_one_effect(self, named: tuple[Impact, ...], points: float) -> None:
        leak = example(impact=frozenset({Impact.CHECKOUT_ERRORS, Impact.CHECKOUT_OUTAGE, Impact.EVERYTHING_FAILS}))
        assert impact_points(leak, Answer(CAUSE, frozenset(named))) == points

    def test_a_degree_that_the_fault_does_not_reach_is_wrong(self) -> None:
        answer = Answer(CAUSE, frozenset({Impact.CHECKOUT_OUTAGE, Impact.CHECKOUT_SLOW}))
        assert impact_points(EXAMPLE, answer) == 0

    @given(IMPACTS, st.sampled_from(Impact))
    def test_a_wrong_impact_never_helps_and_a_right_one_never_hurts(
        self, named: frozenset[Impact], more: Impact
    ) -> None:
        before = score(EXAMPLE, Answer(CAUSE, named - {more}), 0).impact
        after = score(EXAMPLE, Answer(CAUSE, named | {more}), 0).impact
        assert after >= before if more in EXAMPLE.impact else after <= before

    @pytest.mark.parametrize(("counts", "points"), [(0, 0), (1, 7.5), (2, 15), (5, 15)])
    def test_evidence_counts_up_to_two_pieces(self, counts: int, points: float) -> None:
        assert score(EXAMPLE, WHOLE, counts) == Score(70, 15, points)

    @given(st.integers(0, 4))
    def test_each_wrong_answer_before_the_right_one_costs_points(self, wrong: int) -> None:
        assert score(EXAMPLE, WHOLE, 2, wrong).total == 100 - WRONG_POINTS * wrong

    def test_there_are_no_points_below_none(self) -> None:
        assert Score(70, 0, 0, 500).total == 0


class TestParseAnswer:
    def test_words_of_the_vocabulary(self) -> None:
        answer = parse_answer("Risk", " configuration-change ", "connection-pool-too-small", ["some-checkouts-fail"])
        assert answer == RIGHT

    def test_an_unknown_word_gets_the_nearest(self) -> None:
        with pytest.raises(NotFoundError, match="no component named 'rsk'") as caught:
            parse_answer("rsk", "nothing", "deadlock", ["no-user-impact"])
        assert caught.value.near == "risk"

    def test_an_unknown_impact_too(self) -> None:
        with pytest.raises(NotFoundError, match="no impact named"):
            parse_answer("risk", "nothing", "deadlock", ["checkouts-are-slow", "checkout-fails"])

    def test_no_impact(self) -> None:
        with pytest.raises(InputError, match="no impact"):
            parse_answer("risk", "nothing", "deadlock", [])

    @given(st.text())
    def test_any_text_is_a_word_or_a_user_error(self, text: str) -> None:
        try:
            assert word(Mechanism, text) in Mechanism
        except (NotFoundError, InputError) as error:
            assert error.exit_code in (1, 2)  # noqa: PT017 - both ways are fine, a traceback is not
