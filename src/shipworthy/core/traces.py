"""Traces: where the time of a request or of a grading went, sent to a collector where the operator names one.

Spans carry the same fields as logs do, so no personal data either.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shipworthy.core.logs import kept_fields

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

NANOSECONDS = 1_000_000_000
WHOLE = "total"


class _Traced:
    """Who takes this process's spans: nobody until traces are started."""

    provider: "TracerProvider | None" = None
    tracer: "Tracer | None" = None


def start_traces(part: str) -> bool:
    """Send spans of this process, under the name of its part, where `OTEL_EXPORTER_OTLP_ENDPOINT` says.

    Everything else is read by the library from its own settings. Says whether traces are sent.
    """
    environment = os.environ
    if not environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return False
    # A third of a second to import, and most processes trace nothing.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    stop_traces()
    named = Resource.create({"service.namespace": "shipworthy", "service.name": f"shipworthy-{part}"})
    _Traced.provider = TracerProvider(resource=named, shutdown_on_exit=False)
    _Traced.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Traced.tracer = _Traced.provider.get_tracer("shipworthy")
    return True


def stop_traces() -> None:
    """Send what is left, and trace nothing more."""
    if _Traced.provider is not None:
        _Traced.provider.shutdown()
    _Traced.provider = _Traced.tracer = None


@contextmanager
def span(name: str, **fields: object) -> Iterator[dict[str, object]]:
    """Trace what happens inside; fields that are put into what this gives are added in the end."""
    more: dict[str, object] = {}
    if _Traced.tracer is None:
        yield more
        return
    with _Traced.tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as begun:
        try:
            yield more
        except BaseException as fault:
            begun.set_attribute("error.type", type(fault).__name__)
            raise
        finally:
            begun.update_name(str(more.pop("name", name)))
            begun.set_attributes(_attributes({**fields, **more}))


def tell_phases(name: str, phases: Mapping[str, float], ended_at: datetime, **fields: object) -> None:
    """Trace something that is over, phase after phase, from the seconds that each of them took.

    The phase `total` is the seconds of all of it; without one it took as long as its phases together.
    """
    if _Traced.tracer is None:
        return
    from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 - only where traces are sent

    parts = {phase: seconds for phase, seconds in phases.items() if phase != WHOLE}
    begun_at = ended_at - timedelta(seconds=phases.get(WHOLE, sum(parts.values())))
    whole = _Traced.tracer.start_span(name, start_time=_moment(begun_at), attributes=_attributes(fields))
    for phase, seconds in parts.items():
        within = set_span_in_context(whole)
        part = _Traced.tracer.start_span(f"{name} {phase}", context=within, start_time=_moment(begun_at))
        begun_at += timedelta(seconds=seconds)
        part.end(_moment(begun_at))
    whole.end(_moment(ended_at))


def _moment(at: datetime) -> int:
    return int(at.timestamp() * NANOSECONDS)


def _attributes(fields: Mapping[str, object]) -> dict[str, Any]:
    return {f"shipworthy.{name}": value for name, value in kept_fields(fields).items()}
