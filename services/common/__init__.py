"""What every service shares: configuration, deadlines, calls, database, telemetry, the HTTP frame."""
