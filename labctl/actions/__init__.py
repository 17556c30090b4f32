"""What a person can do with labctl: one typed function each, the same behind every face.

Here belongs what a command does, whoever gives it: a person at a terminal, a page in a browser, an agent. An action
takes plain values, prints nothing, tells its progress as events, and returns an answer: a dataclass whose JSON form is
documented and versioned. What is typed and how an answer looks is the business of the faces above.
"""
