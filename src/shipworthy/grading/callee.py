"""Runs inside the sandbox: imports a file of the submission and calls its function once per line of input.

It stands alone, on the standard library only. The submission's own printing goes to standard error, so that answers
and prints do not mix; a submission that writes answers of its own gains nothing, since every answer is judged.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def plain(value: Any) -> Any:
    """Turn arrays and scalars of numeric libraries into what JSON knows."""
    for name in ("tolist", "item"):
        turn = getattr(value, name, None)
        if callable(turn):
            return turn()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def load(path: str) -> ModuleType:
    """Import a file as a module, with its folder on the import path."""
    sys.path.insert(0, os.getcwd())
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def answer_to(number: int, act: Callable[[], Any]) -> str:
    """Spell what `act` gives, or the error that it raises, as one line."""
    try:
        return json.dumps({"id": number, "value": act()}, default=plain)
    except Exception as error:
        return json.dumps({"id": number, "error": f"{type(error).__name__}: {error}"[:500]})


def main() -> None:
    """Answer one line per line of input, until the input ends."""
    path, function_name, setup_name = sys.argv[1:4]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    leading: list[Any] = []

    def prepare(arguments: list[Any]) -> Callable[..., Any]:
        module = load(path)
        function: Callable[..., Any] = getattr(module, function_name)
        if setup_name:
            prepared = getattr(module, setup_name)(*arguments)
            leading.extend([] if prepared is None else [prepared])
        return function

    functions: list[Callable[..., Any]] = []
    for line in sys.stdin:
        question = json.loads(line)
        number, arguments = question["id"], question["args"]
        if functions:
            spelled = answer_to(number, lambda: functions[0](*leading, *arguments))  # noqa: B023 - called at once
        else:
            spelled = answer_to(number, lambda: functions.append(prepare(arguments)))  # noqa: B023 - called at once
        answers.write(spelled + "\n")


main()
