import pytest

from bench.shortcuts.answers import TRIGGERS, Answer, names_cause, names_root_cause, names_service
from labctl.model.fault import RootCause
from labctl.model.vocabulary import Component, Mechanism, Trigger
from labctl.state.change_feed import ChangeKind
from tests.support.example_fault import EXAMPLE, example

LOSS = example(
    root_cause=RootCause(Component.LINK_RISK_REDIS, Trigger.INFRASTRUCTURE_FAILURE, Mechanism.PACKET_LOSS), accepted=()
)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (Answer("risk", "configuration-change"), True),
        (Answer("risk-postgres", "configuration-change", "anything"), True),
        (Answer("risk", "code-release"), False),
        (Answer("payments", "configuration-change"), False),
        (None, False),
    ],
)
def test_a_rule_has_to_name_component_and_trigger(answer: Answer | None, *, right: bool) -> None:
    assert names_cause(EXAMPLE, answer) is right


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (Answer("risk", "configuration-change", "connection-pool-too-small"), True),
        (Answer("risk-postgres", "configuration-change", "connection-pool-too-small"), True),
        (Answer("risk", "configuration-change", "connection-leak"), False),
        (Answer("risk", "configuration-change"), False),
        (None, False),
    ],
)
def test_the_methodical_player_has_to_name_all_three(answer: Answer | None, *, right: bool) -> None:
    assert names_root_cause(EXAMPLE, answer) is right


@pytest.mark.parametrize(
    ("service", "right"), [("risk", True), ("redis", True), ("payments", False), ("risk-redis", True)]
)
def test_of_a_link_either_end_is_the_service(service: str, *, right: bool) -> None:
    assert names_service(LOSS, Answer(service)) is right
    assert not names_service(LOSS, None)


def test_the_ends_of_a_link_that_is_only_accepted_too_are_no_service() -> None:
    assert names_service(EXAMPLE, Answer("risk"))
    assert not names_service(EXAMPLE, Answer("postgres"))


def test_every_kind_of_change_but_a_learners_own_has_a_trigger() -> None:
    assert {*TRIGGERS, "operation"} == set(ChangeKind.__args__)  # type: ignore[attr-defined]


def test_an_answer_reads_as_it_is_submitted() -> None:
    assert str(Answer("risk", "code-release")) == "risk / code-release"
