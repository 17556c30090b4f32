"""The tools of an incident: the page, what is written down, the submission, the debrief."""

from __future__ import annotations

from dataclasses import dataclass

from labctl.actions import debrief, incident, logbook, vocabulary
from labctl.base.words import matching
from labctl.cli.agents import parameters as p
from labctl.play.logbook import Bearing


@dataclass(frozen=True)
class OnCall:
    """The incident of the lab `lab`."""

    lab: str

    def page(self) -> incident.Incident:
        """Show the page, the clock, the time left, and when the next status update is due."""
        return incident.page(self.lab)

    def update(self, text: p.Text) -> logbook.Updates:
        """Give a status update: one is due every five minutes."""
        return logbook.update(self.lab, text)

    def note(self, text: p.Text) -> logbook.Notes:
        """Write a note down."""
        return logbook.note(self.lab, text)

    def notes(self) -> logbook.Notes:
        """List the notes."""
        return logbook.notes(self.lab)

    def hypotheses(self) -> logbook.Hypotheses:
        """List the hypotheses, and what became of them."""
        return logbook.hypotheses(self.lab)

    def hypothesis_add(self, text: p.Text) -> logbook.Hypotheses:
        """Write down what may be the cause; it gets a number."""
        return logbook.add_hypothesis(self.lab, text)

    def hypothesis_bear(self, number: int, bearing: p.Bearing, evidence: p.Evidence = []) -> logbook.Hypotheses:  # noqa: B006 - never changed; an agent sees an empty list
        """Say that something speaks for a hypothesis, or rules it out."""
        said = Bearing(matching("bearing", bearing, [Bearing.SUPPORTED, Bearing.RULED_OUT]))
        return logbook.bear(self.lab, number, said, evidence)

    def vocabulary(self) -> vocabulary.Vocabulary:
        """List the words that a submission is made of, with their meanings."""
        return vocabulary.vocabulary()

    def submit(
        self,
        *,
        component: p.Text,
        trigger: p.Text,
        mechanism: p.Text,
        impact: p.Impact,
        evidence: p.Evidence = [],  # noqa: B006 - never changed; an agent sees an empty list
        because: p.Because = "",
        how_much: p.HowMuch = "",
    ) -> incident.Verdict:
        """Submit the root cause, in words of the vocabulary. A wrong one costs points and five minutes."""
        words = incident.Words(component, trigger, mechanism, impact, evidence, because, how_much)
        return incident.submit_words(self.lab, words)

    def give_up(self) -> debrief.Debrief:
        """End the open incident without the right answer, and read what it was."""
        return debrief.give_up(self.lab)

    def debrief(self) -> debrief.Debrief:
        """Read the whole story of the last incident, after its end."""
        return debrief.debrief(self.lab)
