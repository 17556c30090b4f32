"""The hub: lets people in, shows a team who does what, passes the rest on to the team's room."""
