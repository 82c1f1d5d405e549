"""Models that submissions talk to while they are judged: reached in the real sandbox, recorded, and played again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shipworthy.core.held_folder import held_folder
from shipworthy.gateway.entities import Budget, ChatRequest, Reply
from shipworthy.gateway.models import ChatModel
from shipworthy.grading.bench import Bench
from shipworthy.grading.errors import ReplayDivergedError
from shipworthy.grading.exchange import Exchange
from shipworthy.grading.junk import KINDS, JunkPlayer
from shipworthy.grading.lending import LentModels, ModelCall
from shipworthy.grading.playing import Player
from shipworthy.grading.recording import Recorder
from shipworthy.grading.transcript import Transcript, read_transcript, write_transcript
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import Limits, RuntimeFolder
from shipworthy.tasks.entities import Variant
from tests.support.setups import missing_layers, real_setup

CLIENT = b"""
import os, sys
import httpx, openai
transport = httpx.HTTPTransport(uds=os.environ["MODEL_SOCKET"])
client = openai.OpenAI(http_client=httpx.Client(transport=transport), max_retries=0)
def ask(text):
    answer = client.chat.completions.create(model="echo", messages=[{"role": "user", "content": text}])
    return answer.choices[0].message.content
if __name__ == "__main__":
    for word in sys.argv[1:]:
        try:
            print(ask(word))
        except openai.APIStatusError as error:
            print(error.status_code)
"""


@dataclass(frozen=True)
class Echo:
    """Says what it is told, backwards."""

    name: str = "echo"

    def reply(self, request: ChatRequest) -> Reply:
        said = request.messages[-1].content
        return Reply(content=said[::-1], trace={"heard": said})


def bench_on(exchange: Exchange) -> Bench:
    setup = real_setup()
    return Bench(
        variant=Variant(),
        submission={"ask.py": CLIENT},
        exchange=exchange,
        runtime=RuntimeFolder(setup.runtime_root, setup.runtime_python, setup.runtime_digest),
        limits=Limits(cpu_seconds=20, wall_seconds=40),
        check_ids=(),
        report=lambda _: None,
    )


def work(exchange: Exchange, seed: int = 7) -> tuple[bytes, tuple[ModelCall, ...]]:
    bench = bench_on(exchange)
    with bench.lend(ChatModel("echo", Echo()), seed=seed) as lent:
        run = bench.workspace().run(["python", "ask.py", "abc", "xyz"], models=lent)
        return run.stdout + run.stderr, lent.record().calls


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with BubblewrapSandbox(real_setup().data_folder, allowed_missing=frozenset(missing_layers())) as sandbox:
        yield Recorder(sandbox, lambda _: None, real_setup().data_folder)


def recorded(recorder: Recorder, folder: Path) -> Transcript:
    write_transcript(recorder.transcript, folder)
    return read_transcript(folder)


def test_the_official_client_reaches_the_model_and_the_judge_sees_every_call(recorder: Recorder) -> None:
    said, calls = work(recorder)
    assert said == b"cba\nzyx\n"
    assert sorted(str(call.trace["heard"]) for call in calls) == ["abc", "xyz"]
    assert {call.status for call in calls} == {200}
    assert all(call.prompt_tokens > 0 and call.latency_ms > 0 for call in calls)


def test_a_replay_gives_the_same_answers_without_running_anything(recorder: Recorder, tmp_path: Path) -> None:
    live = work(recorder)
    player = Player(recorded(recorder, tmp_path))
    assert work(player) == live
    player.expect_end()


def test_a_replay_with_other_models_diverges(recorder: Recorder, tmp_path: Path) -> None:
    work(recorder)
    with pytest.raises(ReplayDivergedError):
        work(Player(recorded(recorder, tmp_path)), seed=8)


def test_a_replay_that_asks_for_the_calls_more_often_diverges(recorder: Recorder, tmp_path: Path) -> None:
    work(recorder)

    def curious(lent: LentModels) -> None:
        lent.record()
        lent.record()

    bench = bench_on(Player(recorded(recorder, tmp_path)))
    with bench.lend(ChatModel("echo", Echo()), seed=7) as lent, pytest.raises(ReplayDivergedError):
        curious(lent)


def test_over_budget_the_submission_is_told_and_the_judge_sees_it(recorder: Recorder) -> None:
    bench = bench_on(recorder)
    with bench.lend(ChatModel("echo", Echo()), seed=7, budget=Budget(calls=1)) as lent:
        run = bench.workspace().run(["python", "ask.py", "abc", "xyz"], models=lent)
        record = lent.record()
    assert run.stdout == b"cba\n429\n"
    assert [call.status for call in record.calls] == [200]
    assert sum(record.refused.values()) == 1


def test_a_function_that_is_called_often_can_use_the_model_too(recorder: Recorder) -> None:
    bench = bench_on(recorder)
    with bench.lend(ChatModel("echo", Echo()), seed=1) as lent:
        with bench.workspace().calls("ask.py", "ask", models=lent) as calls:
            assert [calls.call(word) for word in ("one", "two")] == ["eno", "owt"]
            assert len(lent.record().calls) == 2
        assert len(lent.record().calls) == 2


def test_without_the_model_there_is_no_socket(recorder: Recorder) -> None:
    program = b"import os\nprint(os.path.exists('/sockets/model'), 'OPENAI_BASE_URL' in os.environ)\n"
    run = bench_on(recorder).workspace({"look.py": program}).run(["python", "look.py"])
    assert run.stdout == b"False False\n"


@pytest.mark.parametrize("kind", ["empty", "deep JSON"])
def test_junk_leaves_the_calls_readable_or_none(kind: str, recorder: Recorder, tmp_path: Path) -> None:
    work(recorder)
    _, calls = work(JunkPlayer(recorded(recorder, tmp_path), kind))
    assert len(calls) == (2 if KINDS[kind].framed else 0)


def test_nothing_is_left_behind() -> None:
    shared, allowed = real_setup().data_folder, frozenset(missing_layers())
    with held_folder(shared / "staging") as own, BubblewrapSandbox(shared, allowed_missing=allowed) as sandbox:
        own.chmod(0o755)
        work(Recorder(sandbox, lambda _: None, own))
        assert list((own / "models").iterdir()) == []
