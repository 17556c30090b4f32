"""jobs: what runs on a schedule, beside the requests: short, and easy on the database."""
