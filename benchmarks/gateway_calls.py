"""What one chat call costs the judge's process: processor time of the gateway, with a behaviour that does nothing.

A client in another process sends the calls over one connection, as fast as they are answered. Only the processor time
of the gateway's process counts, so other programs disturb little; the machine's load is told all the same.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.entities import Budget, ChatRequest, Reply
from shipworthy.gateway.models import ChatModel
from shipworthy.gateway.server import Gateway

LEAST_CALLS_PER_SECOND = 500
WITHOUT_LIMIT = Budget(calls=10**9, tokens=10**12, cost=10**12)
CLIENT = """
import json, socket, sys
path, calls, bodies = sys.argv[1], int(sys.argv[2]), json.loads(sys.stdin.readline())
client = socket.socket(socket.AF_UNIX)
client.connect(path)
reader = client.makefile("rb")
headers = (
    "POST /v1/chat/completions HTTP/1.1\\r\\nHost: gateway\\r\\nConnection: keep-alive\\r\\n"
    "Accept-Encoding: gzip, deflate\\r\\n"
    "Accept: application/json\\r\\nContent-Type: application/json\\r\\nUser-Agent: OpenAI/Python\\r\\n"
    "X-Stainless-Lang: python\\r\\nX-Stainless-OS: Linux\\r\\nX-Stainless-Arch: x64\\r\\nX-Stainless-Async: false\\r\\n"
    "X-Stainless-Runtime: CPython\\r\\nX-Stainless-Read-Timeout: 600\\r\\nx-stainless-retry-count: 0\\r\\n"
    "Authorization: Bearer unused\\r\\nContent-Length: %d\\r\\n\\r\\n"
)
def rest(length):
    if length is not None:
        return reader.read(length)
    while size := int(reader.readline(), 16):
        reader.read(size + 2)
    return reader.readline()
for number in range(calls):
    body = bodies[number % len(bodies)].encode()
    client.sendall((headers % len(body)).encode() + body)
    assert reader.readline().startswith(b"HTTP/1.1 200"), "a call failed"
    length = None
    while (line := reader.readline()) != b"\\r\\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    rest(length)
"""


@dataclass(frozen=True)
class Constant:
    """Says the same few words to everybody."""

    name: str = "constant"

    def reply(self, request: ChatRequest) -> Reply:  # noqa: ARG002
        return Reply("The parcel will arrive on Thursday, and the invoice is attached.")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--calls", type=int, default=800)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    figures = {name: measure(bodies(), chosen.calls, chosen.rounds) for name, bodies in KINDS.items()}
    report: dict[str, JSONValue] = {"load": round(os.getloadavg()[0], 2), **figures}
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
    else:
        show(report, figures, chosen.calls, chosen.rounds)
    return 0 if figures["short"]["calls_per_cpu_second"] >= LEAST_CALLS_PER_SECOND else 1


def show(report: dict[str, JSONValue], figures: dict[str, dict[str, float]], calls: int, rounds: int) -> None:
    print(f"median of {rounds} rounds of {calls} calls each; load of the machine before: {report['load']}")
    for name, found in figures.items():
        told = f"{found['cpu_us']:7.0f} µs of processor time, {found['wall_us']:7.0f} µs by the clock"
        print(f"  {name:10} {told}, {found['calls_per_cpu_second']:6.0f} calls per second of one core")


def measure(bodies: list[str], calls: int, rounds: int) -> dict[str, float]:
    """Return the median processor time and wall clock per call in microseconds."""
    pairs = [one_round(bodies, calls) for _ in range(rounds)]
    cpu, wall = (1e6 * statistics.median(times) / calls for times in zip(*pairs, strict=True))
    return {"cpu_us": cpu, "wall_us": wall, "calls_per_cpu_second": 1e6 / cpu}


def one_round(bodies: list[str], calls: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory(prefix="gw-") as folder:
        path = Path(folder) / "gateway"
        with Gateway([ChatModel("constant", Constant())], seed=1, budget=WITHOUT_LIMIT).start(path):
            argv = [sys.executable, "-c", CLIENT, str(path), str(calls)]
            client = subprocess.Popen(argv, stdin=subprocess.PIPE)
            started, begun = process_time(), perf_counter()
            client.communicate(json.dumps(bodies).encode() + b"\n")
            used, passed = process_time() - started, perf_counter() - begun
    if client.returncode:
        raise RuntimeError("the client failed")
    return used, passed


def short_calls() -> list[str]:
    return [_call([_said("user", f"Where is parcel {number}?")]) for number in range(50)]


def tool_calls() -> list[str]:
    tools = [_tool(name) for name in ("search_mail", "read_mail", "send_mail", "find_contact", "create_event")]
    talk = [_said("system", "You look after a mailbox. " * 20), _said("user", "Please answer the newest mail. " * 60)]
    return [_call([*talk, _said("user", f"It is number {number}.")], tools=tools) for number in range(50)]


def streamed_calls() -> list[str]:
    return [_call([_said("user", f"Where is parcel {number}?")], stream=True) for number in range(50)]


def _call(messages: list[JSONValue], **more: JSONValue) -> str:
    return json.dumps({"model": "constant", "messages": messages, **more})


def _said(role: str, text: str) -> JSONValue:
    return {"role": role, "content": text}


def _tool(name: str) -> JSONValue:
    properties = {key: {"type": "string", "description": f"The {key}."} for key in ("subject", "sender", "body")}
    parameters: JSONValue = {"type": "object", "properties": properties, "required": ["subject"]}
    return {"type": "function", "function": {"name": name, "description": "Does it.", "parameters": parameters}}


KINDS: dict[str, Callable[[], list[str]]] = {"short": short_calls, "tools": tool_calls, "streamed": streamed_calls}


if __name__ == "__main__":
    sys.exit(main())
