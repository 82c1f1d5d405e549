"""Reads a folder of documents with a model: validates, repairs and repeats, and keeps what is done."""

import argparse
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import httpx
import openai

import model

KINDS = {"supplier": str, "order_number": str, "delivery_date": str, "quantity": int, "net_total_cents": int, "contact_email": str}
PROMPT = f"Extract these fields as one JSON object, null where absent, dates as YYYY-MM-DD, quantity and cents as integers: {', '.join(KINDS)}. Only JSON."
TRIES = 4


def checked(text):
    """Take the JSON object out of whatever stands around it, and make sure of keys and types."""
    found = re.search(r"\{.*\}", text, re.DOTALL)
    if not found:
        raise ValueError("no JSON")
    values = json.loads(found.group())
    record = {name: values[name] for name in KINDS}
    for name, kind in KINDS.items():
        if record[name] is not None and type(record[name]) is not kind:
            raise ValueError(name)
    if record["supplier"] is None:
        raise ValueError("supplier")
    if record["delivery_date"] is not None:
        date.fromisoformat(record["delivery_date"])
    return record


def read(client, name, text):
    reason = "unavailable"
    for _ in range(TRIES):
        try:
            stream = client.chat.completions.create(
                model=model.MODEL,
                stream=True,
                messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": text}],
            )
            said = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
            return {"document": name, **checked(said)}, None
        except (openai.APIError, httpx.HTTPError):
            reason = "unavailable"
            time.sleep(0.01)
        except (ValueError, KeyError, TypeError):
            reason = "unreadable"
    return None, {"document": name, "field": None, "reason": reason}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    state = options.out / "state.json"
    done = json.loads(state.read_text()) if state.exists() else {}
    new = [path for path in sorted(options.documents.glob("*.txt")) if path.name not in done]
    if new:
        client = model.client().with_options(timeout=2.5)
        with ThreadPoolExecutor(4) as pool:
            for path, result in zip(new, pool.map(lambda path: read(client, path.name, path.read_text()), new)):
                done[path.name] = result
    state.write_text(json.dumps(done))
    ordered = [done[name] for name in sorted(done)]
    (options.out / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record, _ in ordered if record))
    (options.out / "failures.jsonl").write_text("".join(json.dumps(failure) + "\n" for _, failure in ordered if failure))
    return 0


if __name__ == "__main__":
    sys.exit(main())
