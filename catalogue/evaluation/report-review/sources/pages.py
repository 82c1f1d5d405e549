"""Fills the templates of a pull request: choices of wording, order of functions, planted faults and decoys."""

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

MARK = re.compile(r"\s*§(~?)([a-z_0-9:]+)")
MIXED = re.compile(r"@@ mix\n(.*?)@@ end mix\n", re.DOTALL)
CHOICE = re.compile(r"\[\[(.*?)\]\]")
WORD = re.compile(r"<<([A-Za-z_:0-9]+)>>")
PADDING = {
    "code": (
        "# Python 3.11, standard library only.",
        "# PLAN.md has the reasons.",
        "# Paths are relative to this file.",
        "# Part of the evaluation, not of the product.",
        "# Changes go through review.",
        "# Owner: evaluation.",
        "# Questions: to the evaluation channel.",
    ),
    "rows": (
        "# Rows are dicts of text, as the csv module gives them.",
        "# Points are shares times 100, with one decimal.",
        "# A run is one training of the new system.",
        "# Nothing is cached; everything is worked out anew.",
    ),
    "settings": (
        "# Change nothing here without running evaluate.py again.",
        "# Read by evaluate.py and by nothing else.",
        "# Days are days of receipt.",
        "# Runs are named after the number that training was started with.",
        "# Thresholds are on the score.",
        "# Bins are of equal width.",
    ),
    "prompt": (
        "The judge is the team's usual one, in the version of last month.",
        "The pairs were judged in one go.",
        "Each pair stands alone; nothing is remembered between them.",
        "The text of the prompt was not changed while the pairs were judged.",
        "No verdict had to be thrown away.",
    ),
    "report": (
        "Points are shares times 100, rounded to one decimal.",
        "Days are days of receipt.",
        "The names are those of the release notes.",
        "Every number below stands in `numbers.json`.",
        "The scripts were run once, from beginning to end.",
    ),
}
"""True sentences that make files differ in length."""


@dataclass
class Page:
    """A filled file, and the lines of each fault and decoy (from 1 on).

    `places` are all lines that show it, `cores` those where it has to be mended.
    """

    text: str
    places: dict[str, list[int]] = field(default_factory=dict)
    cores: dict[str, list[int]] = field(default_factory=dict)


def drawn_template(template: str, chance: random.Random) -> str:
    """Settle wording, padding and the order of functions, which do not depend on what is planted."""
    settled = CHOICE.sub(lambda found: chance.choice(found[1].split("||")), template)
    for kind, lines in PADDING.items():
        settled = settled.replace(f"@@ pad {kind}\n", _some(lines, chance))
    settled = MIXED.sub(lambda found: _mixed(found[1], chance), settled)
    if "@@ shuffle\n" not in settled:
        return settled
    before, _, rest = settled.partition("@@ shuffle\n")
    middle, _, after = rest.partition("@@ end shuffle\n")
    parts = middle.split("@@ part\n")
    chance.shuffle(parts)
    return before + "".join("\n" + part.strip("\n") + "\n\n" for part in parts) + after


def _some(lines: tuple[str, ...], chance: random.Random) -> str:
    """Return some of the lines, in their order."""
    kept = sorted(chance.sample(range(len(lines)), chance.randint(0, len(lines))))
    return "".join(f"{lines[place]}\n" for place in kept)


def _mixed(block: str, chance: random.Random) -> str:
    lines = block.splitlines(keepends=True)
    chance.shuffle(lines)
    return "".join(lines)


def filled(template: str, planted: Collection[str], words: Mapping[str, str]) -> Page:
    """Keep the lines that belong to what is planted, fill in words, and note where the marks were."""
    page = Page("")
    lines: list[str] = []
    for line in _kept(template, planted):
        marks = MARK.findall(line)
        lines.append(WORD.sub(lambda found: words[found[1]], MARK.sub("", line)))
        end = len("\n".join(lines).split("\n"))
        spread = range(end - lines[-1].count("\n"), end + 1)
        for aside, name in marks:
            page.places.setdefault(name, []).extend(spread)
            if not aside:
                page.cores.setdefault(name, []).extend(spread)
    page.text = "\n".join(lines).rstrip("\n") + "\n"
    return page


def _kept(template: str, planted: Collection[str]) -> list[str]:
    kept: list[str] = []
    open_blocks: list[tuple[bool, bool]] = []
    for line in template.rstrip("\n").split("\n"):
        if not line.startswith("@@ "):
            if all(now for now, _ in open_blocks):
                kept.append(line)
            continue
        word, _, name = line[3:].partition(" ")
        if word == "if":
            open_blocks.append((name in planted, name in planted))
        elif word == "else":
            _, before = open_blocks.pop()
            open_blocks.append((not before, True))
        else:
            open_blocks.pop()
    return kept
