"""What a person can do with labctl: one typed function for each action, called by every user interface.

The work of a command belongs here, whoever starts it: a person at a terminal, a page in a browser, an agent. An action
takes plain values, prints nothing, reports its progress as events, and returns an answer: a dataclass whose JSON form
is documented and versioned. Reading a command line and showing an answer is done by the user interface.
"""
