"""Which version of each service a verification ran on."""

from __future__ import annotations

from labctl.base.errors import LabctlError
from labctl.lookups.prometheus import PrometheusClient
from labctl.model.samples import Sample

QUERY = 'group by (job, service_version) ({job!="",service_version!=""})'


def running(metrics: PrometheusClient) -> dict[str, str]:
    """Return the version by service; nothing where the telemetry does not answer, which the run's doubts tell."""
    try:
        samples = metrics.query(QUERY)
    except LabctlError:
        return {}
    return {each.labels["job"]: each.labels["service_version"] for each in sorted(samples, key=_job)}


def _job(sample: Sample) -> str:
    return sample.labels["job"]
