"""A task whose judge lends a live model, and the settings of an operator who has put an endpoint behind it."""

from pathlib import Path

import pytest

from tests.support.packages import edit, sound_package
from tests.support.upstreams import KEY, Endpoint

JUDGE = '''"""Lets the submission talk to a live model once."""

from shipworthy.kit import Bench
from shipworthy.kit.models import ChatModel, Live


def judge(bench: Bench) -> None:
    with bench.lend(ChatModel("reader-1", Live()), seed=3) as lent:
        run = bench.workspace().run(["python", "medians.py"], models=lent)
        record = lent.record()
    said = (run.stdout + run.stderr).decode("utf-8", "replace")
    for check in bench.unobserved:
        bench.observe(check, float(len(record.calls) > 0), said[-500:], {"calls": len(record.calls)})
'''

ASK = b"""
import os
import httpx, openai
transport = httpx.HTTPTransport(uds=os.environ["MODEL_SOCKET"])
client = openai.OpenAI(http_client=httpx.Client(transport=transport), max_retries=0)
asked = [{"role": "user", "content": "hello from the submission"}]
print(client.chat.completions.create(model="reader-1", messages=asked).choices[0].message.content)
"""


def live_task(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a catalogue with one task that lends a live model `reader-1`, and return the task's id."""
    package = sound_package(folder / "catalogue")
    (package / "judge.py").write_text(JUDGE, encoding="utf-8")
    edit(package, "task.toml", "format = 1\n", 'format = 1\nlive_models = ["reader-1"]\n')
    monkeypatch.setenv("SHIPWORTHY_CATALOGUE", str(folder / "catalogue"))
    return package.name


def configure(monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    """Set what an operator sets."""
    monkeypatch.setenv("SHIPWORTHY_LIVE_URL", endpoint.settings().url)
    monkeypatch.setenv("SHIPWORTHY_LIVE_KEY", KEY)
    monkeypatch.setenv("SHIPWORTHY_LIVE_MODELS", "*=parrot")


def submission(folder: Path, program: bytes) -> Path:
    """Write a submission of one program."""
    folder.mkdir()
    (folder / "medians.py").write_bytes(program)
    return folder
