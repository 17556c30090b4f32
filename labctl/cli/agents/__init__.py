"""One lab for an agent, over the Model Context Protocol: the actions that the command line calls, as tools."""
