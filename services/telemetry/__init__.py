"""The lab's telemetry backend: OTLP in, OpenMetrics, Jaeger's query API and Loki's API out."""
