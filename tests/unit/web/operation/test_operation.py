import io
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.testclient import TestClient

from shipworthy.bootstrap import House
from shipworthy.core import clock
from shipworthy.core.logs import start_logs, stop_logs
from shipworthy.core.traces import start_traces, stop_traces, tell_phases
from shipworthy.store.blobs import open_blobs
from shipworthy.web.app import make_app
from shipworthy.web.operation import readiness

FROM_HERE = ("127.0.0.1", 50000)
FROM_AFAR = ("203.0.113.9", 50000)


def client_of(house: House, *, address: tuple[str, int] = FROM_HERE) -> TestClient:
    app = make_app(house)

    @app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise RuntimeError(name)

    return TestClient(app, base_url=house.settings.web_url, client=address)


def test_a_process_that_answers_is_healthy_under_any_name(house: House) -> None:
    answer = client_of(house, address=FROM_AFAR).get("/health", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_readiness_names_each_part_and_goes_on_without_workers(house: House) -> None:
    answer = client_of(house).get("/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "blobs": "ok",
        "catalogue": "ok",
        "workers": "none seen",
    }


def test_what_is_lost_makes_it_unready(house: House, tmp_path: Any) -> None:
    blobs = open_blobs(str(tmp_path / "blobs"), tmp_path)
    (tmp_path / "blobs" / "incoming").rmdir()
    answer = client_of(replace(house, blobs=blobs)).get("/ready")
    assert answer.status_code == 503
    assert answer.json()["blobs"] == "failing"
    assert answer.json()["database"] == "ok"


def test_a_lost_database_makes_it_unready_and_not_unhealthy(house: House) -> None:
    client = client_of(replace(house, database=_Lost()))  # type: ignore[arg-type]
    assert client.get("/ready").json()["database"] == "failing"
    assert client.get("/health").status_code == 200


class _Lost:
    def house_work(self) -> Any:
        raise OSError("no route to the database of ada@example.org")


def test_whoever_asks_all_the_time_makes_no_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(readiness.Looker, "_database", lambda _self: looks.append(1))
    client = client_of(house)
    for _ in range(5):
        client.get("/ready")
    assert len(looks) == 1


def test_metrics_count_requests_by_template_and_tell_of_the_queue(house: House) -> None:
    client = client_of(house)
    client.get("/static/xyz/ada-lovelace.css")
    client.get("/no/such/page/ada@example.org")
    text = client.get("/metrics").text
    assert 'route="/static/{digest}/{name}",status="4xx"} 1.0' in text
    assert 'route="/unmatched",status="4xx"' in text
    assert "ada" not in text
    assert 'shipworthy_queue_waiting{kind="grading"} 0.0' in text
    assert "shipworthy_workers 0.0" in text
    assert 'shipworthy_letters{state="failed"}' in text


@pytest.mark.parametrize(
    ("token", "address", "headers", "status"),
    [
        ("", FROM_HERE, {}, 200),
        ("", FROM_AFAR, {}, 403),
        ("", FROM_HERE, {"x-forwarded-for": "203.0.113.9"}, 403),
        ("", FROM_AFAR, {"authorization": "Bearer "}, 403),
        ("s3cret", FROM_AFAR, {"authorization": "Bearer s3cret"}, 200),
        ("s3cret", FROM_AFAR, {"authorization": "Bearer s3cre"}, 403),
        ("s3cret", FROM_AFAR, {"authorization": "Basic s3cret"}, 403),
        ("s3cret", FROM_HERE, {}, 403),
    ],
)
def test_metrics_are_for_the_machine_itself_or_for_the_token(
    house: House, token: str, address: tuple[str, int], headers: dict[str, str], status: int
) -> None:
    settings = replace(house.settings, metrics_token=token)
    client = client_of(replace(house, settings=settings), address=address)
    assert client.get("/metrics", headers=headers).status_code == status


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    start_logs("json", stream)
    yield stream
    stop_logs()


def test_an_answer_and_its_log_lines_share_an_id_and_no_personal_data(house: House, written: io.StringIO) -> None:
    client = client_of(house)
    answer = client.get("/broken/ada@example.org")
    assert answer.status_code == 500
    lines = [entry for line in written.getvalue().splitlines() if "library" not in (entry := json.loads(line))]
    assert {line["request"] for line in lines} == {answer.headers["x-request-id"]}
    assert UUID(answer.headers["x-request-id"]).version == 4
    assert lines[-1]["route"] == "/broken/{name}"
    assert lines[-1]["status"] == 500
    fault = next(line for line in lines if line["event"] == "web.fault")
    assert fault["fault"] == "RuntimeError"
    assert fault["trace"] in answer.text
    assert "ada@" not in written.getvalue()


class Collector(BaseHTTPRequestHandler):
    """Takes traces as a collector does."""

    taken: list[ExportTraceServiceRequest]

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.taken.append(ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ExportTraceServiceRequest]]:
    taken: list[ExportTraceServiceRequest] = []
    server = HTTPServer(("127.0.0.1", 0), type("Collecting", (Collector,), {"taken": taken}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield taken
    stop_traces()
    server.shutdown()
    server.server_close()
    thread.join()


def test_requests_and_gradings_are_traced_to_a_collector(
    house: House, collector: list[ExportTraceServiceRequest]
) -> None:
    assert start_traces("web")
    answer = client_of(house).get("/broken/ada@example.org")
    tell_phases("grading", {"judge": 1.5, "checks": 2.5, "total": 4.0}, clock.now(), kind="grading", candidate="Ada")
    stop_traces()
    spans = {
        span.name: span
        for sent in collector
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    request = spans["GET /broken/{name}"]
    assert {(pair.key, pair.value.string_value) for pair in request.attributes} >= {
        ("shipworthy.request", answer.headers["x-request-id"]),
        ("shipworthy.route", "/broken/{name}"),
    }
    whole, checks = spans["grading"], spans["grading checks"]
    assert checks.parent_span_id == whole.span_id
    assert checks.end_time_unix_nano == pytest.approx(whole.end_time_unix_nano, abs=2e3)
    assert (checks.end_time_unix_nano - checks.start_time_unix_nano) / 1e9 == pytest.approx(2.5, abs=1e-3)
    assert "ada" not in str(collector).lower()


def test_nothing_is_traced_where_no_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not start_traces("web")
