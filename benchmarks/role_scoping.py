"""How well job descriptions are read: against labelled ones, over halves, and how fast.

The figures of the rules (`ScopingPolicy`) are chosen on one half of the development set and measured on the other, both
ways; the held-out set is measured with the figures that the product uses.
"""

import argparse
import json
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from time import process_time

from shipworthy.framework import load_framework
from shipworthy.roles.blocks import blocks_of
from shipworthy.roles.documents import read_document
from shipworthy.roles.entities import MentionLevel, ProfileSource, Reading, RoleProfile
from shipworthy.roles.lexicon import load_lexicon
from shipworthy.roles.operations import draw_profile, scope_text
from shipworthy.roles.reading import LexiconReader
from shipworthy.roles.rules import ScopingPolicy
from shipworthy.roles.structure import Posting, read_structure

POSTINGS = Path(__file__).with_name("postings")
MATRIX = (
    "python_ml_frameworks", "mlops_deployment", "rag_vector_db", "prompt_engineering", "statistical_modeling",
    "fine_tuning_lora",
)  # fmt: skip
LEVELS = tuple(level.value for level in MentionLevel)
BARS = {"macro_f1": 0.90, "blend": 0.92, "primary": 0.95, "ai_role": 0.97}
MOST_SECONDS = 20.0
"""Processor seconds of one core that 1,000 job descriptions of 400 words may take."""


@dataclass(frozen=True)
class Labelled:
    """A job description, read once, and what a careful person says of it."""

    name: str
    posting: Posting
    reading: Reading
    label: dict[str, object]

    def level(self, competency: str) -> str:
        levels = self.label["competencies"]
        assert isinstance(levels, dict)
        return str(levels[competency])


@dataclass(frozen=True)
class Answer:
    """A label beside what was read."""

    labelled: Labelled
    profile: RoleProfile

    def level(self, competency: str) -> str:
        return next(line.said.value for line in self.profile.competencies if line.competency_id == competency)


def load(folder: str) -> list[Labelled]:
    lexicon = load_lexicon()
    found = []
    for label in sorted((POSTINGS / folder).glob("*.toml")):
        path = next(each for each in label.parent.glob(f"{label.stem}.*") if each.suffix != ".toml")
        posting = read_structure(blocks_of(read_document(path).text), lexicon)
        reading = LexiconReader(lexicon).read(posting)
        found.append(Labelled(label.stem, posting, reading, tomllib.loads(label.read_text(encoding="utf-8"))))
    return found


def answer(labelled: Sequence[Labelled], policy: ScopingPolicy) -> list[Answer]:
    framework, lexicon = load_framework(), load_lexicon()
    source = ProfileSource("posting", "text", "", framework.version, framework.digest, lexicon.digest, "lexicon", "")
    return [
        Answer(each, draw_profile(each.posting, each.reading, lexicon, framework, source=source, policy=policy))
        for each in labelled
    ]


def confusion(answers: Sequence[Answer], competencies: Iterable[str]) -> Counter[tuple[str, str]]:
    return Counter((each.labelled.level(name), each.level(name)) for each in answers for name in competencies)


def macro_f1(table: Counter[tuple[str, str]]) -> float:
    return statistics.fmean(_f1(table, level) for level in LEVELS)


def _f1(table: Counter[tuple[str, str]], level: str) -> float:
    hits = table[level, level]
    said = sum(count for (_, read), count in table.items() if read == level)
    meant = sum(count for (label, _), count in table.items() if label == level)
    return 2 * hits / (said + meant) if said + meant else 1.0


def share(answers: Sequence[Answer], right: Callable[[Answer], bool]) -> float:
    return statistics.fmean(right(each) for each in answers)


def blend_right(each: Answer) -> bool:
    return each.profile.blended == each.labelled.label["blended"]


def primary_right(each: Answer) -> bool:
    label = each.labelled.label
    return (each.profile.primary_context or "") in {label["primary_context"], label.get("also_primary")}


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    ai = [each for each in answers if each.labelled.label["ai_role"]]
    return {
        "postings": len(answers),
        "macro_f1": macro_f1(confusion(answers, MATRIX)),
        "macro_f1_all_competencies": macro_f1(confusion(answers, load_framework().competency_ids)),
        "blend": share(answers, blend_right),
        "primary": share(ai, primary_right),
        "primary_unblended": share([each for each in ai if not each.labelled.label["blended"]], primary_right),
        "ai_role": share(answers, lambda each: each.profile.ai_role == each.labelled.label["ai_role"]),
        "seniority": share(answers, lambda each: each.profile.seniority.value == each.labelled.label["seniority"]),
        "years": share(answers, lambda each: each.profile.years == each.labelled.label["years"]),
    }


def policies() -> list[ScopingPolicy]:
    """Every policy that the halves choose from."""
    grid = product((0.1, 0.2), (1.0, 2.0), (2.0, 3.0, 4.0, 6.0), (1, 2), (0.1, 0.15, 0.25))
    return [
        replace(
            ScopingPolicy(),
            preferred_share=preferred,
            title_factor=title,
            demanded_weight=weight,
            demanded_sentences=sentences,
            demanded_share=least,
        )
        for preferred, title, weight, sentences, least in grid
    ]


def choose(labelled: Sequence[Labelled]) -> ScopingPolicy:
    """Return the policy that reads this half best; of equals the one nearest to the middle of them."""
    scored = [(_worth(answer(labelled, policy)), policy) for policy in policies()]
    best = max(worth for worth, _ in scored)
    equals = [policy for worth, policy in scored if worth == best]
    return equals[len(equals) // 2]


def _worth(answers: Sequence[Answer]) -> float:
    return share(answers, blend_right) + share(answers, primary_right)


def halves(labelled: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    even, odd = labelled[0::2], labelled[1::2]
    return {
        "first half, figures chosen on the second": figures(answer(even, choose(odd))),
        "second half, figures chosen on the first": figures(answer(odd, choose(even))),
    }


def seconds_per_thousand() -> float:
    """Return the processor seconds for 1,000 job descriptions of 400 words, from text to profile."""
    paths = [path for path in sorted((POSTINGS / "development").iterdir()) if path.suffix in {".txt", ".md"}]
    texts = [" \n".join(path.read_text(encoding="utf-8").splitlines()) for path in paths]
    texts = [" ".join(text.split(" ")[:400]) for text in texts if len(text.split()) >= 380]
    scope_text(texts[0])
    begun = process_time()
    for index in range(200):
        scope_text(texts[index % len(texts)])
    return (process_time() - begun) * 5


def print_table(answers: Sequence[Answer]) -> None:
    table = confusion(answers, MATRIX)
    sys.stdout.write(f"\n  {'label / read':16}" + "".join(f"{level:>15}" for level in LEVELS) + f"{'F1':>8}\n")
    for label in LEVELS:
        counts = "".join(f"{table[label, read]:>15}" for read in LEVELS)
        sys.stdout.write(f"  {label:16}{counts}{_f1(table, label):>8.3f}\n")


def print_figures(title: str, found: dict[str, float]) -> None:
    words = "  ".join(
        f"{name} {value:.3f}" if name != "postings" else f"n={value:.0f}" for name, value in found.items()
    )
    sys.stdout.write(f"{title}\n  {words}\n")


def print_misses(answers: Sequence[Answer]) -> None:
    for each in answers:
        label, profile = each.labelled.label, each.profile
        found = [
            f"{name}: {each.labelled.level(name)} read as {each.level(name)}"
            for name in load_framework().competency_ids
            if each.labelled.level(name) != each.level(name)
        ]
        for key, read in (
            ("ai_role", profile.ai_role),
            ("blended", profile.blended),
            ("primary_context", profile.primary_context or ""),
            ("seniority", profile.seniority.value),
            ("years", profile.years),
        ):
            if label[key] != read:
                found.append(f"{key}: {label[key]} read as {read}")
        if found:
            sys.stdout.write(f"\n{each.labelled.name}\n" + "".join(f"  {line}\n" for line in found))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--misses", action="store_true", help="list every miss of the development set")
    arguments.add_argument("--quick", action="store_true", help="leave out the halves and the held-out set")
    chosen = arguments.parse_args()
    development = load("development")
    answers = answer(development, ScopingPolicy())
    measured: dict[str, dict[str, float]] = {"development set": figures(answers)}
    if not chosen.quick:
        measured |= halves(development)
        measured["held-out set"] = figures(answer(load("held_out"), ScopingPolicy()))
    speed = seconds_per_thousand()
    missed = [name for name, bar in BARS.items() if measured["development set"][name] < bar]
    if chosen.json:
        sys.stdout.write(json.dumps({**measured, "seconds_per_thousand": speed, "missed": missed}) + "\n")
    else:
        print_all(measured, answers, speed, with_misses=chosen.misses)
    return 1 if missed or speed > MOST_SECONDS else 0


def print_all(
    measured: dict[str, dict[str, float]], answers: Sequence[Answer], speed: float, *, with_misses: bool
) -> None:
    if with_misses:
        print_misses(answers)
    for title, found in measured.items():
        print_figures(title, found)
    print_table(answers)
    bars = ", ".join(f"{name} {bar:.2f}" for name, bar in BARS.items())
    sys.stdout.write(f"\nBars on the development set: {bars}\n")
    sys.stdout.write(f"1,000 job descriptions of 400 words: {speed:.1f} s of one core (bar {MOST_SECONDS:.0f})\n")


if __name__ == "__main__":
    raise SystemExit(main())
