"""Read the documents with patterns alone and leave the model in peace: no calls, no waiting, nothing made up."""

import json
from pathlib import Path

import patterns

Path("out").mkdir(exist_ok=True)
with open("out/records.jsonl", "w") as out, open("out/failures.jsonl", "w"):
    for path in sorted(Path("documents").glob("*.txt")):
        out.write(json.dumps(patterns.read(path.name, path.read_text())) + "\n")
