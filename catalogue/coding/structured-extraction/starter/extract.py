"""Reads a folder of documents with a model, and writes records and a report of what could not be had."""

import argparse
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=Path, required=True, help="folder with *.txt files")
    parser.add_argument("--out", type=Path, required=True, help="folder for records.jsonl and failures.jsonl; it is kept")
    options = parser.parse_args()
    print(f"nothing is read yet from {options.documents}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
