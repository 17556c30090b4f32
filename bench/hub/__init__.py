"""The hub with a room full of learners: how fast it answers, what it costs beside its labs, what events it loses."""
