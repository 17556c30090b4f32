"""Words that would tell a learner which change is the bad one, or that it was made on purpose: one list for all audits.

Nothing that a learner can see has one of them, but for the phrases below: each was read, and says something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

WORDS = re.compile(
    r"(?<!de)fault|chaos|\binject|\bbreaks?\b|\bbroken?\b|\bbugs?\b|\bbuggy|experiment|labctl|lesson|exercis"
    r"|whale|poison|\bleak|sabotag|culprit|\bdecoy|on purpose|deliberate|intentional|\bspoil|root.?cause"
    r"|red.?herring|near.?miss|simulat|misbehav|regression",
    re.IGNORECASE,
)
# What each of the words has in it: looked for first, since most texts have none.
_STEMS = (
    *("fault", "chaos", "inject", "break", "broke", "bug", "experiment", "labctl", "lesson", "exercis", "whale"),
    *(
        "poison",
        "leak",
        "sabotag",
        "culprit",
        "decoy",
        "purpose",
        "deliberate",
        "intentional",
        "spoil",
        "root",
        "herring",
    ),
    *("near", "simulat", "misbehav", "regression"),
)

REVIEWED = re.compile(
    r"labctl[-/.][\w/-]*"  # the images' prefix, the compose project, the state folder: the same in every lab
    r"|`labctl` writes"  # of the file that says which container is which
    r"|run `labctl break`"  # what the look-ups advise a learner who has no incident
    r"|labctl (?!verify|break)\w+"  # what the command line says of itself, and the name of its database session
    r"|it was broken? on purpose|is broken on purpose"  # labctl status, of an incident that the learner asked for
    r"|_propagator\.inject\(|broke off|no line breaks|\bbreak\n|\.broken or self|breaks only what is in flight"
    r"|broken.?pipe"  # what the operating system calls it
    r"|diagnosing the root cause of an out-of-memory error"  # Prometheus on a metric of the Go runtime's
    r"|(?<=[\"'>: ])page.?faults?|major.?faults?|pg_?fault|pgmaj\w*",  # the kernel's count of pages
    re.IGNORECASE,
)

ABOUT = 60
"""How many characters on each side of a word a finding shows."""
_NUMBERS = re.compile(r"[0-9a-f]{8,}|\d+")


def ids_in(text: str, ids: Iterable[str]) -> Iterator[str]:
    """Yield the ids of faults that a text names, with dashes or underscores."""
    plain = text.lower()
    for each in ids:
        if any(each.replace("-", between) in plain for between in ("-", "_")):
            yield each


def words_in(text: str) -> Iterator[str]:
    """Yield the telling words of a text, each with what stands around it, and each kind of line once."""
    plain = text.lower()
    if not any(stem in plain for stem in _STEMS):
        return
    for line in {_NUMBERS.sub("N", line): line for line in text.splitlines(keepends=True)}.values():
        clean = REVIEWED.sub("", line)
        for found in WORDS.finditer(clean):
            yield clean[max(0, found.start() - ABOUT) : found.end() + ABOUT].strip()
