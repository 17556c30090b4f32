"""What players answer, and whether it is right."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.model.fault import Fault
from labctl.model.vocabulary import Component, Trigger


@dataclass(frozen=True)
class Answer:
    """What a player says is the cause; an empty word is one that its rule does not tell."""

    component: str
    trigger: str = ""
    mechanism: str = ""

    def __str__(self) -> str:
        return " / ".join(filter(None, (self.component, self.trigger, self.mechanism)))


def names_cause(fault: Fault, answer: Answer | None) -> bool:
    """Whether component and trigger are those of the root cause, or of another statement of it that counts as right."""
    causes = (fault.root_cause, *fault.accepted)
    return answer is not None and (answer.component, answer.trigger) in [
        (str(each.component), str(each.trigger)) for each in causes
    ]


def names_root_cause(fault: Fault, answer: Answer | None) -> bool:
    """Whether component, trigger and mechanism are right, all three: what `labctl submit` would say of the answer."""
    causes = (fault.root_cause, *fault.accepted)
    return answer is not None and (answer.component, answer.trigger, answer.mechanism) in [
        (str(each.component), str(each.trigger), str(each.mechanism)) for each in causes
    ]


def names_service(fault: Fault, answer: Answer | None) -> bool:
    """Whether the service is that of the root cause; of a fault of a link, either end of it counts."""
    named = {str(each.component) for each in (fault.root_cause, *fault.accepted)} | ends(fault.root_cause.component)
    return answer is not None and answer.component in named


def ends(component: Component) -> set[str]:
    """Return the two ends of a link; of a service, the service alone."""
    return set(str(component).split("-"))


TRIGGERS = {
    "release": Trigger.CODE_RELEASE,
    "configuration": Trigger.CONFIGURATION_CHANGE,
    "flag": Trigger.FEATURE_FLAG,
    "migration": Trigger.SCHEMA_MIGRATION,
    "job": Trigger.SCHEDULED_JOB,
    "traffic": Trigger.TRAFFIC_CHANGE,
}
"""What each kind of entry in the change feed is in the words of a root cause."""
