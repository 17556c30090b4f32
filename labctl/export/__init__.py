"""An incident's telemetry as other people's programs read it: Parquet, RCAEval's CSV, OTLP's JSON.

What turns spans, lines and samples into a format belongs here, and what the formats say of the cause.
"""
