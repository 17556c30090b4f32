"""The external card processor: not ours, so that only its answers are seen."""
