"""Reads a folder of documents with a model, and writes records and a report of what could not be had."""

import argparse
import hashlib
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import openai

import answers
import grounding
import model

MOST_CALLS = 5
"""Per document: the longest trouble that is worth it (two failures, two bad answers) and the answer."""
SECONDS_PER_CALL = 2.5
SECONDS_PER_ANSWER = 6.0
AT_ONCE = 8


class Outcome:
    """What came of one document: a record or none, and lines for the report."""

    def __init__(self, record, failures):
        self.record, self.failures = record, failures


class Reader:
    """Asks the model about documents; stops asking once the budget is gone."""

    def __init__(self):
        self._client = model.client().with_options(timeout=SECONDS_PER_CALL)
        self._over = threading.Event()

    def read(self, name, text):
        """Return what came of a document, after at most MOST_CALLS calls."""
        suspicious, reason = None, "unavailable"
        for attempt in range(MOST_CALLS):
            if self._over.is_set():
                break
            try:
                values = self._asked(text)
            except answers.Refused:
                reason = "refused"
            except answers.Unreadable:
                reason = "unreadable"
            except (openai.APIError, httpx.HTTPError) as error:
                reason = "unavailable"
                self._wait(error, attempt)
            else:
                made_up = [field for field, value in values.items() if value is not None and not grounding.says(text, field, value)]
                if not made_up or suspicious is not None:
                    return settled(name, values, made_up)
                suspicious = values, made_up
        if suspicious is not None:
            return settled(name, *suspicious)
        return Outcome(None, [line(name, None, reason)])

    def _asked(self, text):
        """Return what the model says in a stream; one that takes too long, or ends before it says so, is no answer."""
        said, ended, started = [], None, time.monotonic()
        with self._client.chat.completions.create(
            model=model.MODEL,
            temperature=0,
            stream=True,
            response_format=answers.RESPONSE_FORMAT,
            messages=[{"role": "system", "content": answers.INSTRUCTION}, {"role": "user", "content": text}],
        ) as stream:
            for chunk in stream:
                for choice in chunk.choices:
                    said.append(choice.delta.content or "")
                    ended = choice.finish_reason or ended
                if time.monotonic() - started > SECONDS_PER_ANSWER:
                    raise answers.Unreadable("too slow")
        if ended != "stop":
            raise answers.Unreadable(f"ended with {ended}")
        return answers.read("".join(said))

    def _wait(self, error, attempt):
        """Wait as told, or a moment that grows; mark the budget as gone where that is said."""
        if getattr(error, "code", None) == "insufficient_quota":
            self._over.set()
            return
        headers = getattr(getattr(error, "response", None), "headers", {})
        if "retry-after-ms" in headers:
            time.sleep(float(headers["retry-after-ms"]) / 1000 + 0.05)
        elif "retry-after" in headers:
            time.sleep(float(headers["retry-after"]) + 0.05)
        else:
            time.sleep(0.1 * 2**attempt)


def settled(name, values, made_up):
    """Leave made-up values empty and report them; a document without a supplier is no record."""
    if "supplier" in made_up:
        return Outcome(None, [line(name, None, "unreadable")])
    record = {"document": name, **values, **dict.fromkeys(made_up)}
    return Outcome(record, [line(name, field, "not_in_document") for field in made_up])


def line(name, field, reason):
    return {"document": name, "field": field, "reason": reason}


class Ledger:
    """Every outcome that was paid for, by name and content; a line is written at once, so a run that dies loses none."""

    def __init__(self, path):
        self._path, self._lock, self._known = path, threading.Lock(), {}
        if path.exists():
            written = path.read_text()
            if not written.endswith("\n"):
                path.write_text(written[: written.rfind("\n") + 1])
            for text in written.splitlines():
                try:
                    kept = json.loads(text)
                except ValueError:
                    continue
                self._known[kept["document"], kept["digest"]] = Outcome(kept["record"], kept["failures"])

    def get(self, key):
        return self._known.get(key)

    def put(self, key, outcome):
        kept = {"document": key[0], "digest": key[1], "record": outcome.record, "failures": outcome.failures}
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(kept) + "\n")
            self._known[key] = outcome


def write(path, lines):
    """Put a whole file in place, or leave the old one."""
    beside = path.with_suffix(".new")
    beside.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines))
    os.replace(beside, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(options.out / "ledger.jsonl")
    texts = {path.name: path.read_bytes() for path in sorted(options.documents.glob("*.txt"))}
    keys = {name: (name, hashlib.sha256(content).hexdigest()) for name, content in texts.items()}
    new = [name for name in texts if ledger.get(keys[name]) is None]
    if new:
        reader = Reader()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name: ledger.put(keys[name], reader.read(name, texts[name].decode("utf-8", "replace"))), new))
    outcomes = [ledger.get(keys[name]) for name in texts]
    write(options.out / "records.jsonl", [outcome.record for outcome in outcomes if outcome.record])
    write(options.out / "failures.jsonl", [failure for outcome in outcomes for failure in outcome.failures])
    return 0


if __name__ == "__main__":
    sys.exit(main())
