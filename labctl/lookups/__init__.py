"""What a learner can look at: metrics, traces, logs, the database, the architecture, as typed answers."""
