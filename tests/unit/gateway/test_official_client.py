"""The official client works against the gateway, unmodified: as a process, and inside the sandbox."""

import json
import subprocess
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.entities import Budget, GatewayRecord
from shipworthy.gateway.recording import spelled_record
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import Limits, RunRequest, RuntimeFolder
from tests.support.gateways import serving
from tests.support.setups import missing_layers, real_setup

PROGRAM = Path(__file__).with_name("official_client_program.py")
EXPECTED: dict[str, JSONValue] = {
    "models": ["hashed-embedding", "parrot"],
    "model": "parrot",
    "said": "hello",
    "usage": 6,
    "parts": "ab",
    "cut": ["one two", "length"],
    "stopped": "one ",
    "called": ["tool_calls", "send", {"text": "go"}],
    "answered": "done",
    "parsed": 3,
    "streamed": "one two three four",
    "streamed_usage": 4,
    "streamed_call": ["tool_calls", {"text": "go"}],
    "embedded": [64, 64],
    "both_spellings_agree": True,
    "unknown_model": ["NotFoundError", 404, "model_not_found", "model", "invalid_request_error"],
    "no_messages": ["BadRequestError", 400, "invalid_value", "messages", "invalid_request_error"],
    "limited": ["RateLimitError", 429, "rate_limit_exceeded", None, "requests"],
    "failed": ["InternalServerError", 500, None, None, "server_error"],
    "timed_out": ["APITimeoutError"],
    "truncated": ["APIConnectionError"],
    "many": 100,
}


def run_as_process() -> tuple[dict[str, JSONValue], GatewayRecord]:
    setup = real_setup()
    with serving() as (gateway, path):
        python = setup.runtime_root / setup.runtime_python
        ran = subprocess.run([python, PROGRAM, path], capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr.decode()
        return json.loads(ran.stdout), gateway.stop()


def run_in_sandbox() -> tuple[dict[str, JSONValue], GatewayRecord]:
    setup = real_setup()
    runtime = RuntimeFolder(setup.runtime_root, setup.runtime_python, setup.runtime_digest)
    with (
        serving() as (gateway, path),
        BubblewrapSandbox(setup.data_folder, allowed_missing=frozenset(missing_layers())) as sandbox,
    ):
        request = RunRequest(
            runtime,
            ("python", "/tools/program.py", "/sockets/gateway"),
            tools={"program.py": PROGRAM.read_bytes()},
            sockets={"gateway": path},
            limits=Limits(wall_seconds=90),
        )
        ran = sandbox.run(request)
        assert ran.exit_code == 0, (ran.status, ran.stderr.decode())
        return json.loads(ran.stdout), gateway.stop()


def test_everything_that_the_protocol_promises_in_a_process_and_in_the_sandbox() -> None:
    as_process, one = run_as_process()
    assert as_process == EXPECTED
    in_sandbox, other = run_in_sandbox()
    assert in_sandbox == EXPECTED
    assert canonical_bytes(spelled_record(one)) == canonical_bytes(spelled_record(other))


CALLS_UNTIL_REFUSED = """
import sys, httpx, openai
client = openai.OpenAI(base_url="http://gateway/v1", api_key="unused", max_retries=3,
                       http_client=httpx.Client(transport=httpx.HTTPTransport(uds=sys.argv[1])))
for text in ("one", "two", "three"):
    try:
        client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": sys.argv[2] + text}])
    except openai.RateLimitError as error:
        print(text, error.code)
"""


def asked_three_times(path: Path, before: str) -> bytes:
    setup = real_setup()
    argv = [str(setup.runtime_root / setup.runtime_python), "-c", CALLS_UNTIL_REFUSED, str(path), before]
    return subprocess.run(argv, capture_output=True, check=True).stdout


def test_the_client_tries_again_after_a_rate_limit_and_not_when_the_budget_is_used_up() -> None:
    with serving(budget=Budget(calls=2)) as (gateway, path):
        assert asked_three_times(path, "") == b"three insufficient_quota\n"
        assert gateway.record().refused == {"over_budget": 1}
    with serving(budget=Budget(calls=4)) as (gateway, path):
        told = asked_three_times(path, "fault rate_limited ")
        assert told.splitlines()[0] == b"one rate_limit_exceeded"
        assert sorted(call.occurrence for call in gateway.record().calls) == [0, 1, 2, 3]
