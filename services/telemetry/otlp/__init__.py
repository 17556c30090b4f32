"""The OTLP/HTTP receiver: decoding, answering, and the values inside."""
