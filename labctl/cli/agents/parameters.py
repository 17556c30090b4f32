"""What tools take, in the words that an agent reads."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Service = Annotated[str, Field(description="Only of this service, such as payments; empty for all.")]
Since = Annotated[str, Field(description="How far back, such as 90s, 5m or 1h.")]
Limit = Annotated[int, Field(description="At most so many.", ge=1, le=5000)]
Query = Annotated[str, Field(description="A PromQL query.")]
Range = Annotated[str, Field(description="A curve over the last 90s, 5m, 1h, …; empty for the values now.")]
Regex = Annotated[str, Field(description="A regular expression that the line matches.")]
Level = Annotated[str, Field(description="Lines of this level and worse, such as warn or error.")]
TraceId = Annotated[str, Field(description="The beginning of a trace's id.")]
Statement = Annotated[str, Field(description="One SQL statement; the role can only read.")]
Text = Annotated[str, Field(description="Plain text.")]
Evidence = Annotated[
    list[str], Field(description="promql:QUERY, trace:ID, log:REGEX, log:{SERVICE} REGEX, or #7 for look-up 7.")
]
Impact = Annotated[list[str], Field(description="Words for who feels it, and how: see the tool vocabulary.")]
Because = Annotated[str, Field(description="The reasoning: kept for the debrief, never graded.")]
HowMuch = Annotated[str, Field(description="How many requests feel it, 1%-5%, or how long they wait, 300ms-1s.")]
Bearing = Annotated[str, Field(description="supported or ruled-out.")]
Verb = Annotated[str, Field(description="A step of the tool mitigations, or undo.")]
Arguments = Annotated[
    list[str],
    Field(description="What the step takes, in the order of its usage, such as ['payments'] or ['payments', 'cpu=1']."),
]
