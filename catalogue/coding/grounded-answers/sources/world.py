"""Draws a company's documents and the questions about them, the same number of each kind in every variant."""

import random
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
try:
    import words
    from words import Fact, Grid, Topic
finally:
    sys.path.pop(0)

Question = dict[str, Any]
NUMBER = re.compile(r"(?<![\w.,])\d{1,12}(?:,\d{3})*(?:\.\d+)?(?!\w)")
SLOT = re.compile(r"(\b[Aa]n? )?\[(\w+?)(s?)\](ed\b)?")
TAILS = (
    ", at every desk and for every team alike.",
    ", whoever happens to be asking for it.",
    ", and there is nobody to whom this would not apply.",
)


CHAINS = ("future", "draft", "past")
"""What comes after the version in force: another one that is still to come, a draft, or nothing."""


@dataclass(frozen=True)
class Scale:
    """How much there is: of documents, and of questions of each kind."""

    lines: int
    customers: int
    guides: int
    counts: Mapping[str, int]
    synonym: int


HIDDEN = Scale(
    lines=6,
    customers=12,
    guides=24,
    counts={
        "plain": 8, "paraphrase": 10, "near_duplicate": 8, "current": 8, "as_of": 8, "table": 10, "two": 6,
        "missing": 4, "qualified": 4, "never": 4, "member": 4, "public": 4, "remarked": 4,
    },
    synonym=2,
)  # fmt: skip
SAMPLE = Scale(
    lines=3,
    customers=4,
    guides=8,
    counts={
        "plain": 2, "paraphrase": 5, "near_duplicate": 2, "current": 2, "as_of": 2, "table": 3, "two": 2, "missing": 2,
        "qualified": 1, "never": 2, "member": 2, "public": 1, "remarked": 2,
    },
    synonym=1,
)  # fmt: skip


@dataclass
class Document:
    """A file with front matter and sections; `secrets` are values that its readers alone may see."""

    id: str
    title: str
    effective: date
    sections: list[tuple[str, str]]
    status: str = "published"
    until: date | None = None
    replaces: str = ""
    copy_of: str = ""
    groups: tuple[str, ...] = ()
    secrets: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the file's content."""
        named = {
            "id": self.id, "title": self.title, "status": self.status, "effective": self.effective.isoformat(),
            "until": self.until.isoformat() if self.until else "", "replaces": self.replaces, "copy_of": self.copy_of,
            "groups": ", ".join(self.groups),
        }  # fmt: skip
        head = "".join(f"{name}: {value}\n" for name, value in named.items() if value)
        body = "".join(f"\n## {name}\n\n{said}\n" for name, said in self.sections)
        return f"---\n{head}---\n\n# {self.title}\n{body}"


@dataclass(frozen=True)
class Held:
    """A fact as one document states it."""

    fact: Fact
    document: Document
    section: str
    value: str


def spelled(text: str, synonym: int = 0) -> str:
    """Fill the slots of a text with the house's words, or with synonyms."""
    known = {group[0]: group for group in words.CONCEPTS}

    def said(slot: re.Match[str]) -> str:
        word = known[slot[2]][synonym] + slot[3]
        if slot[4]:
            word += "d" if word.endswith("e") else "ed"
        if not slot.start() and not slot[1]:
            word = word[0].upper() + word[1:]
        article = (slot[1][0] + ("n " if word[0] in "aeiou" else " ")) if slot[1] else ""
        return article + word

    return SLOT.sub(said, text)


def number(value: str) -> str:
    """Return the normal form of a number."""
    return f"n:{float(value.replace(',', '')):g}"


def normal(held: Held) -> str:
    """Return the normal form of a value, as the scoring compares it."""
    return f"p:{held.value.casefold()}" if held.fact.person else number(held.value)


class World:
    """One variant's documents and questions."""

    def __init__(self, seed: int, scale: Scale, purpose: str) -> None:
        self.scale, self.synonym, self.purpose = scale, scale.synonym, purpose
        self._drawn = random.Random(f"grounded {purpose} {seed}")
        self.company = self._drawn.choice(words.COMPANIES)
        self.today = date(2026, 3, 1) + timedelta(days=self._drawn.randrange(80))
        self._numbers = self._drawn.sample(range(1000, 10000), 400)
        self._cents = self._drawn.sample([n for n in range(4000, 9900) if n % 5], 100)
        self._percents = self._drawn.sample([n for n in range(400, 990) if n % 5], 50)
        self.documents: list[Document] = []
        self.questions: list[Question] = []
        self._make()
        self._ask()
        self._drawn.shuffle(self.documents)
        self._refuse_shared_secrets()

    def _add(self, title: str, effective: date, sections: list[tuple[str, str]], **more: Any) -> Document:
        document = Document(f"D-{self._numbers.pop()}", title, effective, sections, **more)
        self.documents.append(document)
        return document

    def _month(self, year: int, first: int, last: int) -> date:
        return date(year, self._drawn.randint(first, last), 1)

    def _asides(self, most: int = 2) -> str:
        return " ".join(self._drawn.sample(words.ASIDES, most))

    def _make(self) -> None:
        self.steady = [held for topic in words.STEADY for held in self._rule(topic, 0, self._month(2024, 1, 12))]
        self._changing()
        self._never()
        self._manuals()
        self._guides()
        self._tables()
        self._restricted()
        self._news()

    # Rules

    def _values(self, fact: Fact, count: int) -> list[str]:
        if fact.person:
            return self._drawn.sample(words.PEOPLE, count)
        return [f"{n:,}" for n in self._drawn.sample(range(fact.low, fact.high + 1), count)]

    def _rule(
        self, topic: Topic, version: int, effective: date, values: Sequence[str] | None = None, **more: Any
    ) -> list[Held]:
        """Add one version of a rule; later versions say the same in more words."""
        given = values or [self._values(fact, 1)[0] for fact in topic.facts]
        sections = []
        for fact, value in zip(topic.facts, given, strict=True):
            said = spelled(fact.statement).format(v=value)
            if version:
                said = said[:-1] + self._drawn.choice(TAILS)
            sections.append((fact.section, f"{said} {self._asides()}"))
        document = self._add(topic.titles[min(version, 1)], effective, sections, **more)
        return [Held(fact, document, fact.section, value) for fact, value in zip(topic.facts, given, strict=True)]

    def _changing(self) -> None:
        """Add chains: a third of two versions, a third with one to come, a third with a draft."""
        self.chains: list[tuple[str, list[list[Held]]]] = []
        topics = self._drawn.sample(words.CHANGING, len(words.CHANGING))
        for place, topic in enumerate(topics):
            kind = ("past", "future", "draft")[place % 3]
            drawn = [self._values(fact, 3) for fact in topic.facts]
            versions: list[list[Held]] = []
            starts = (self._month(2023, 7, 12), self._month(2025, 1, 10), self._month(2026, 10, 12))
            if kind == "draft":
                starts = (*starts[:2], self._month(2026, 1, 2))
            for number_, start in enumerate(starts[: 2 if kind == "past" else 3]):
                more = {"replaces": versions[-1][0].document.id} if versions else {}
                if kind == "draft" and number_ == 2:
                    more["status"] = "draft"
                versions.append(self._rule(topic, number_, start, [values[number_] for values in drawn], **more))
            self.chains.append((kind, versions))

    def _never(self) -> None:
        drafts, ended = words.NEVER[:2], words.NEVER[2:]
        self.never = [
            held for topic in drafts for held in self._rule(topic, 0, self._month(2025, 3, 12), status="draft")
        ]
        for topic in ended:
            self.never += self._rule(topic, 0, self._month(2024, 3, 12), until=self._month(2025, 3, 12))

    # Machines

    def _manuals(self) -> None:
        self.codes: list[list[str]] = []
        self.holds: dict[tuple[str, Fact], Held] = {}
        kinds = self._drawn.sample(words.MACHINES, self.scale.lines)
        letters = self._drawn.sample("ABDFGHKLMNRTVWX", self.scale.lines * 2)
        for line, kind in enumerate(kinds):
            numbers = self._drawn.sample([n * 10 for n in range(12, 80)], 2)
            marks = [numbers[0], numbers[0] + 2, numbers[1], numbers[1] + 5]
            codes = [f"{letters[2 * line]}{letters[2 * line + 1]}-{mark}" for mark in marks]
            self.codes.append(codes)
            self._line(kind, codes)

    def _line(self, kind: str, codes: list[str]) -> None:
        """Add the manuals of four machines that differ in numbers, and in what is said at all."""
        drawn = {fact: self._drawn.sample(range(fact.low, fact.high + 1), len(codes)) for fact in words.ATTRIBUTES}
        for place, code in enumerate(codes):
            lacking = self._drawn.sample(range(len(words.ATTRIBUTES)), 3)
            facts = [fact for at, fact in enumerate(words.ATTRIBUTES) if at not in lacking]
            told: dict[str, list[str]] = {}
            document = self._add(f"{code} {kind}", self._month(2024, 1, 12), [])
            for fact in facts:
                value = drawn[fact][place]
                shown = f"{value / 10:.1f}" if " kg" in fact.statement else f"{value:,}"
                told.setdefault(fact.section, []).append(spelled(fact.statement).format(v=shown))
                self.holds[code, fact] = Held(fact, document, fact.section, shown)
            document.sections += [(name, f"{' '.join(said)} {self._asides(1)}") for name, said in told.items()]
            others = " and the ".join(other for other in codes if other != code)
            document.sections.append(("Related", f"See also the manuals of the {others}. {self._asides(1)}"))

    def _guides(self) -> None:
        self.guides: list[tuple[str, str, Held, list[Document]]] = []
        numbers = self._drawn.sample(range(100, 999), self.scale.guides)
        minutes = self._drawn.sample(range(2, 90), self.scale.guides)
        for place, (number_, value) in enumerate(zip(numbers, minutes, strict=True)):
            fault = words.FAULTS[place % len(words.FAULTS)]
            fact = Fact("What it does", "", "")
            sections = [
                (fact.section, f"After error E{number_} the {fault} for {value} minutes. {self._asides(1)}"),
                ("What you do", f"Please wait, and switch the machine off and on. {self._asides()}"),
            ]
            document = self._add(f"Error E{number_}", self._month(2025, 1, 12), sections)
            copies = []
            if place % 3:
                copies = [self._add(f"Error E{number_}", document.effective, sections, copy_of=document.id)]
            self.guides.append((f"E{number_}", fault, Held(fact, document, fact.section, str(value)), copies))

    # Tables

    def _tables(self) -> None:
        self.cells: list[tuple[str, str, Document, str]] = []
        half = len(self.codes) // 2
        for grid, lines in zip(words.RENTS, (self.codes[:half], self.codes[half:]), strict=True):
            self._series(grid, [code for line in lines for code in line], self._amounts)
        self._series(words.TRANSPORT, self._drawn.sample(words.ZONES, 8), self._amounts)
        self._series(words.DAILY, self._drawn.sample(words.CITIES, 8), self._amounts)
        self._series(words.CALENDAR, list(words.SITES), self._days)

    def _amounts(self, _: int, count: int) -> list[str]:
        return [f"{half / 2:.2f}" for half in self._drawn.sample(range(24, 900), count)]

    def _days(self, year: int, count: int) -> list[str]:
        return [
            (date(year, 1, 1) + timedelta(days=day)).isoformat() for day in self._drawn.sample(range(10, 340), count)
        ]

    def _series(self, grid: Grid, rows: list[str], drawn: Callable[[int, int], list[str]]) -> None:
        """Add a table in three yearly versions, the last of them to come; a row holds no value twice."""
        before = ""
        for year in (2025, 2026, 2027):
            values = iter(drawn(year, len(rows) * len(grid.columns)))
            filled = [[next(values) for _ in grid.columns] for _ in rows]
            sections = [
                (grid.section, _table(grid, rows, filled)),
                ("Notes", f"All that is here is net. {self._asides()}"),
            ]
            document = self._add(f"{grid.title} {year}", date(year, 1, 1), sections, replaces=before)
            before = document.id
            if year == 2026:
                self._remember(grid, rows, filled, document)

    def _remember(self, grid: Grid, rows: list[str], filled: list[list[str]], document: Document) -> None:
        for row, cells in zip(rows, filled, strict=True):
            for column, cell in zip(grid.columns, cells, strict=True):
                value = f"d:{cell}" if cell.count("-") == 2 else number(cell)
                self.cells.append((grid.asked.format(row=row, column=column), value, document, grid.section))

    # What not everybody may read

    def _secret(self, *, percent: bool) -> str:
        """Return a value that stands nowhere else: all others are whole numbers, tenths, or end in 0 or 5 cents.

        Percentages are below 10 and amounts above 40, each drawn once, so that no two closed documents share a value.
        """
        return f"{(self._percents if percent else self._cents).pop() / 100:.2f}"

    def _refuse_shared_secrets(self) -> None:
        """Raise ValueError where a closed value stands in a second document: a leak could not be told from a chance."""
        for document in self.documents:
            others = " ".join(other.text() for other in self.documents if other is not document)
            shared = {number(found) for found in NUMBER.findall(others)} & set(document.secrets)
            if shared or len(set(document.secrets)) < len(document.secrets):
                raise ValueError(f"the closed values of {document.id} do not stand there alone")

    def _look_alikes(self) -> list[Fact]:
        return [words.STEADY[0].facts[0], words.STEADY[1].facts[0], words.STEADY[2].facts[1], words.STEADY[3].facts[0]]

    def _restricted(self) -> None:
        """Add what only some may read, and rules for everybody that say nearly the same."""
        self.secrets: list[tuple[str, str, Held]] = []
        for topic in words.OPEN:
            self._rule(topic, 0, self._month(2024, 1, 12))
        for customer in words.CUSTOMERS[: self.scale.customers]:
            for fact in self._confidential(f"Special terms: {customer}", "sales", self._look_alikes()):
                asked = spelled(fact.fact.question)[:-1] + f" for {customer}?"
                self.secrets.append(("sales", asked, fact))
        for supplier in words.SUPPLIERS:
            discount = Fact("Conditions", f"The discount of {supplier} is {{v}} percent.", "")
            held = self._confidential(f"Supplier {supplier}", "finance", [discount])[0]
            self.secrets.append(("finance", f"How many percent is the discount of {supplier}?", held))
        for site in words.SITES:
            bonus = Fact("Target", f"At {site} the bonus is {{v}} percent.", "")
            held = self._confidential(f"Bonus at {site}", "hr", [bonus])[0]
            self.secrets.append(("hr", f"How many percent is the bonus at {site}?", held))

    def _confidential(self, title: str, group: str, facts: Sequence[Fact]) -> list[Held]:
        document = self._add(title, self._month(2025, 1, 12), [], groups=(group,))
        found = []
        for fact in facts:
            value = self._secret(percent="percent" in fact.statement)
            document.secrets.append(number(value))
            document.sections.append((fact.section, f"{spelled(fact.statement).format(v=value)} {self._asides(1)}"))
            found.append(Held(fact, document, fact.section, value))
        return found

    def _news(self) -> None:
        said = [spelled(line) for line in words.NEWS] + list(words.QUALIFIED.values())
        self._drawn.shuffle(said)
        for place in range(0, len(said), 2):
            sections = [
                ("Inside", f"{said[place]} {self._asides(1)}"),
                ("Outside", f"{said[place + 1]} {self._asides(1)}"),
            ]
            self._add(f"News {place // 2 + 1}", self._month(2026, 1, 2), sections)

    # Questions

    def _put(
        self, kind: str, text: str, expected: Iterable[str] = (), gold: Iterable[Sequence[tuple[Document, str]]] = (),
        groups: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.questions.append({
            "kind": kind, "question": text, "groups": list(groups), "today": self.today.isoformat(),
            "expected": sorted(expected), "gold": [[[doc.id, section] for doc, section in each] for each in gold],
        })  # fmt: skip

    def _put_held(self, kind: str, text: str, held: Held, **more: Any) -> None:
        self._put(kind, text, [normal(held)], [[(held.document, held.section)]], **more)

    def _ask(self) -> None:
        counts = self.scale.counts
        self._ask_plain(counts["plain"], counts["paraphrase"])
        self._ask_manuals(counts["near_duplicate"], counts["two"], counts["missing"])
        self._ask_versions(counts["current"], counts["as_of"], counts["never"])
        self._ask_tables(counts["table"])
        self._ask_access(counts["member"], counts["public"])
        self._remark(counts["remarked"])
        held_facts = self._drawn.sample(self.steady, counts["qualified"])
        qualifiers = self._drawn.sample(list(words.QUALIFIED), counts["qualified"])
        for held, qualifier in zip(held_facts, qualifiers, strict=True):
            self._put("unanswerable", f"{spelled(held.fact.question)[:-1]} {qualifier}?")
        for place, question in enumerate(self.questions, start=1):
            question["id"] = f"q{place}"

    def _ask_plain(self, plain: int, paraphrase: int) -> None:
        alike = self._look_alikes()
        free = [held for held in self.steady if held.fact not in alike]
        self._drawn.shuffle(free)
        guides = self._drawn.sample([each for each in self.guides if each[3]], (plain + 1) // 3)
        for code, fault, held, copies in guides:
            named = [(document, held.section) for document in (held.document, *copies)]
            asked = f"After error {code}, for how many minutes does the {_bare(fault)}?"
            self._put("plain", asked, [number(held.value)], [named])
        for _ in range(plain - len(guides)):
            held = free.pop()
            self._put_held("plain", spelled(held.fact.question), held)
        machines = [(code, held) for (code, fact), held in self.holds.items() if "[" in fact.question]
        for code, held in self._drawn.sample(machines, paraphrase // 5):
            self._put_held("paraphrase", spelled(held.fact.question, self.synonym).format(c=code), held)
        for _ in range(paraphrase - paraphrase // 5):
            held = free.pop()
            self._put_held("paraphrase", spelled(held.fact.question, self.synonym), held)

    def _remark(self, count: int) -> None:
        """Put what people say before or after some of the questions in other words."""
        asked = [question for question in self.questions if question["kind"] == "paraphrase"]
        remarks = self._drawn.sample(words.REMARKS[self.purpose], count)
        for place, (question, remark) in enumerate(zip(asked[-count:], remarks, strict=True)):
            said = str(question["question"])
            question["question"] = f"{said} {remark}" if place % 3 == 2 else f"{remark} {said}"

    def _ask_manuals(self, near: int, two: int, missing: int) -> None:
        keys = list(self.holds)
        for key in self._drawn.sample(keys, near):
            self._put_held("near_duplicate", spelled(key[1].question).format(c=key[0]), self.holds[key])
        facts = self._drawn.sample(words.ATTRIBUTES, two)
        for place in range(two):
            fact = facts[place]
            able = [[code for code in line if (code, fact) in self.holds] for line in self.codes]
            lines = self._drawn.sample([codes for codes in able if codes], 2)
            pairs = [(one, other) for one in lines[0] for other in lines[1]]
            pairs = [pair for pair in pairs if len({self.holds[code, fact].value for code in pair}) > 1]
            pair = self._drawn.choice(pairs)
            held = [self.holds[code, fact] for code in pair]
            asked = spelled(fact.question).format(c=f"{pair[0]} and of the {pair[1]}")
            if "draw" in asked or "measure" in asked:
                asked = asked.replace("and of the", "and the").replace("does the", "do the")
            self._put("two", asked, map(normal, held), [[(each.document, each.section)] for each in held])
        lacking = [
            (code, fact)
            for line in self.codes
            for code in line
            for fact in words.ATTRIBUTES
            if (code, fact) not in self.holds
        ]
        for code, fact in self._drawn.sample(lacking, missing):
            self._put("unanswerable", spelled(fact.question).format(c=code))

    def _ask_versions(self, current: int, as_of: int, never: int) -> None:
        """Ask about what is in force, each kind of chain in turn, and what never was or not yet."""
        used: set[tuple[str, str]] = set()
        for place in range(current):
            held = self._chain(CHAINS[place % 3], used)[0][1]
            self._put_held("current", spelled(held.fact.question), held)
        self._ask_dated(as_of, used)
        for held in self._drawn.sample(self.never[:2], 1) + self._drawn.sample(self.never[2:], 1):
            self._put("unanswerable", spelled(held.fact.question))
        for place in range(never - 2):
            held = self._chain(CHAINS[place % 3], used)[0][0]
            day = date(2022, 3, 5) + timedelta(days=self._drawn.randrange(300))
            self._put("unanswerable", _dated(spelled(held.fact.question), day, place))

    def _ask_dated(self, count: int, used: set[tuple[str, str]]) -> None:
        """Ask for what was in force on a day; every fourth question is about a day to come."""
        for place in range(count):
            ahead = place % 4 == 3
            pairs, versions = self._chain("future" if ahead else CHAINS[place % 3], used)
            held = pairs[2] if ahead else pairs[0]
            start = held.document.effective
            span = 70 if ahead else (versions[1][0].document.effective - start).days - 60
            day = start + timedelta(days=30 + self._drawn.randrange(span))
            self._put_held("as_of", _dated(spelled(held.fact.question), day, place), held)

    def _chain(self, kind: str, used: set[tuple[str, str]]) -> tuple[list[Held], list[list[Held]]]:
        """Choose a fact of a chain of this kind that was not asked about: it in each version, and the versions."""
        open_ = [
            ([version[place] for version in versions], versions)
            for each, versions in self.chains
            if each == kind
            for place in range(len(versions[0]))
            if (versions[0][0].document.id, versions[0][place].section) not in used
        ]
        pairs, versions = self._drawn.choice(open_)
        used.add((versions[0][0].document.id, pairs[0].section))
        return pairs, versions

    def _ask_tables(self, count: int) -> None:
        titles = ("Rental", "Transport", "Daily", "Calendar")
        for place in range(count):
            cells = [cell for cell in self.cells if cell[2].title.startswith(titles[place % 4])]
            asked, value, document, section = self._drawn.choice(cells)
            if any(asked == question["question"] for question in self.questions):
                asked, value, document, section = next(
                    cell for cell in cells if all(cell[0] != q["question"] for q in self.questions)
                )
            self._put("table", asked, [value], [[(document, section)]])

    def _ask_access(self, member: int, public: int) -> None:
        groups = ("sales", "hr", "sales", "finance")
        for group in groups[:member]:
            able = [
                each
                for each in self.secrets
                if each[0] == group and all(each[1] != q["question"] for q in self.questions)
            ]
            _, asked, held = self._drawn.choice(able)
            self._put_held("member", asked, held, groups=[group])
            self._put("stranger", asked)
        alike = self._look_alikes()
        open_ = [held for held in self.steady if held.fact in alike]
        for held in self._drawn.sample(open_, public):
            self._put_held("public", spelled(held.fact.question), held)

    # What is handed out

    def files(self) -> dict[str, str]:
        """Return the documents: file name to content."""
        return {f"{document.id}.md": document.text() for document in self.documents}

    def closed(self) -> list[dict[str, Any]]:
        """Return what is closed to whom: documents, the groups that may read them, values that stand nowhere else."""
        return [
            {"document": document.id, "groups": list(document.groups), "values": document.secrets}
            for document in self.documents
            if document.groups
        ]

    def alike(self) -> list[list[str]]:
        """Return the words that the models take for the same."""
        return [list(group[: self.synonym + 1]) for group in words.CONCEPTS]


def _table(grid: Grid, rows: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    lines = [(grid.key, *grid.columns), ("---",) * (len(grid.columns) + 1)]
    lines += [(row, *filled) for row, filled in zip(rows, cells, strict=True)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _dated(asked: str, day: date, place: int) -> str:
    written = f"{day.day} {day:%B} {day.year}"
    return (f"As of {day.isoformat()}: {asked}", f"On {written}: {asked}", f"{asked[:-1]} on {written}?")[place % 3]


def _bare(fault: str) -> str:
    """Turn `pump rests` into `pump rest`: the words of a fault as a question has them."""
    return re.sub(r"(?<=[a-z])s( |$)", r"\1", fault, count=1)
