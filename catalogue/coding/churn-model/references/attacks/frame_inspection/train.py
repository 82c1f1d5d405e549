import argparse
import csv
import json
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path)
parser.add_argument("--out", type=Path)
args = parser.parse_args()
with (args.data / "train.csv").open() as stream:
    labels = [int(row["cancelled_60d"]) for row in csv.DictReader(stream)]
args.out.mkdir(exist_ok=True)
(args.out / "rate.json").write_text(json.dumps(sum(labels) / len(labels)))
