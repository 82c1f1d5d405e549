"""What one reply of the worst-case model costs: processor time, with 20 payloads of the attack library registered."""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.gateway.attacks.benign import look_alikes
from shipworthy.gateway.attacks.families import FAMILIES, attack
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.entities import ChatRequest, Message, Role

PAYLOADS = [payload for family in FAMILIES for payload in attack(family, seed=1).payloads][:20]
ROUNDS, REPLIES = 15, 20


def text_of(size: int) -> str:
    """Return harmless mails of a size in characters."""
    mails = (one.text for seed in range(100) for one in look_alikes(seed=seed) if one.kind != "holds_a_checksum")
    return "\n\n".join(mails)[:size]


def json_of(size: int) -> str:
    """Return the same as a tool would hand it over."""
    return json.dumps({"mails": text_of(size)}, ensure_ascii=False)[:size]


def html_of(size: int) -> str:
    """Return the same as a page."""
    return ("<p>" + text_of(size).replace("\n\n", "</p>\n<p>"))[:size]


def request(text: str) -> ChatRequest:
    messages = (Message(Role.SYSTEM, "You sort mail."), Message(Role.USER, "Sort it."), Message(Role.TOOL, text))
    spelled = digest(canonical_bytes(text))
    return ChatRequest("m", messages, (), "auto", None, stream=False, max_tokens=None, temperature=0.0, digest=spelled,
                       occurrence=0)  # fmt: skip


def microseconds(model: Obedient, asked: ChatRequest) -> float:
    """Return the median over rounds of the processor time of one reply."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPLIES):
            model.reply(asked)
        rounds.append((time.process_time() - start) / REPLIES * 1e6)
    return statistics.median(rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    model = Obedient(seed=1, payloads=PAYLOADS)
    texts: dict[str, Callable[[int], str]] = {"text": text_of, "JSON": json_of, "HTML": html_of}
    figures = {f"{size} bytes of {kind}": round(microseconds(model, request(make(size))))
               for size in (2000, 8000) for kind, make in texts.items()}  # fmt: skip
    attacked = microseconds(model, request(text_of(7800) + PAYLOADS[0].text))
    figures["8000 bytes of text with an attack"] = round(attacked)
    if as_json:
        print(json.dumps({"microseconds": figures, "load": os.getloadavg()[0]}))
        return
    for name, figure in figures.items():
        print(f"{name:40} {figure:6} us")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
