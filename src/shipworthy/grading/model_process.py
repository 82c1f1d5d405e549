"""The process that serves a task's public models: an order in on standard input, events out on standard output.

Authored code runs here and never in the product's own process. It serves until its standard input ends. What authored
code prints goes to standard error.
"""

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.errors import ShipworthyError
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.errors import SocketUnusableError
from shipworthy.gateway.models import ChatModel, EmbeddingModel, ServedModel, live_names
from shipworthy.gateway.recording import Question, Result
from shipworthy.gateway.server import Gateway
from shipworthy.grading.judge_process import die_with, write_all
from shipworthy.grading.public_models import MODELS_PROGRAM, SeenCall, TryOrder, read_try_order
from shipworthy.tasks.entities import Variant
from shipworthy.tasks.variants import generate

NO_BUDGET = Budget(calls=10**9, tokens=10**15, cost=10**15)
"""Trying is free: what a submission may use is the judge's matter."""


def main() -> None:
    """Serve what is ordered until nobody listens any more."""
    events = os.dup(1)
    os.dup2(2, 1)
    die_with(os.getppid())
    try:
        _serve(read_try_order(sys.stdin.buffer.readline()), events)
    except SocketUnusableError as error:
        _send(events, {"event": "fault", "kind": "place", "what": error.what, "remedy": error.remedy})
    except ShipworthyError as error:
        _send(events, {"event": "fault", "kind": "ours", "what": error.what, "remedy": error.remedy})
    except BrokenPipeError:
        return
    except Exception:
        words = f"The task's {MODELS_PROGRAM} failed. {traceback.format_exc(limit=-2)}"
        _send(events, {"event": "fault", "kind": "ours", "what": words, "remedy": "Tell the author of the task."})


def _send(events: int, event: Mapping[str, JSONValue]) -> None:
    write_all(events, canonical_bytes(event) + b"\n")


def _serve(order: TryOrder, events: int) -> None:
    variant = generate(Path(order.task_folder), order.variant)
    models = public_models(Path(order.task_folder) / MODELS_PROGRAM, replace(variant, hidden={}))
    if order.port is not None and live_names(models):
        raise SocketUnusableError(
            "A live model is served at a socket alone: any page in a browser could reach a port, at your cost.",
            remedy="Leave out --port.",
        )
    gateway = Gateway(
        models,
        seed=order.seed,
        budget=NO_BUDGET,
        live=order.live,
        watch=lambda question, result: _send(events, {"event": "call", **asdict(seen_call(question, result))}),
    )
    with gateway.start(Path(order.socket), mode=0o600, port=order.port):
        names: list[JSONValue] = [model.name for model in models]
        _send(events, {"event": "ready", "models": names, "port": gateway.port})
        while sys.stdin.buffer.read(4096):
            pass


def public_models(program: Path, variant: Variant) -> Sequence[ServedModel]:
    """Run `models(variant)` of a task's own program in this process. Raises `TypeError` unless it returns models."""
    spec = importlib.util.spec_from_file_location("shipworthy_public_models", program)
    if spec is None or spec.loader is None:
        raise ImportError(f"{program.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(program.parent))
    spec.loader.exec_module(module)
    models = list(module.models(variant))
    if not models or not all(isinstance(model, ChatModel | EmbeddingModel) for model in models):
        raise TypeError("models(variant) has to return at least one ChatModel or EmbeddingModel")
    return models


def seen_call(question: Question, result: Result) -> SeenCall:
    """Return what a candidate may see of a call."""
    asked = json.loads(question.body) if question.body else None
    model = asked.get("model") if isinstance(asked, dict) else None
    return SeenCall(
        path=question.path,
        model=model[:100] if isinstance(model, str) else "",
        status=result.status,
        fault=result.reply.fault.kind.value if result.reply and result.reply.fault else "",
        prompt_tokens=result.prompt_tokens,
        completion_tokens=result.completion_tokens,
        cost=result.cost,
    )


if __name__ == "__main__":
    main()
