"""Every entry of the lexicon is found where its examples say, and nowhere else."""

from pathlib import Path

import pytest

from shipworthy.roles.errors import LexiconError
from shipworthy.roles.lexicon import BUILT_IN, Entry, EntryBook, Surroundings, load_lexicon
from shipworthy.roles.phrases import words_of

BOOKS = load_lexicon().books()
ENTRIES = [(name, entry) for name, book in BOOKS.items() for entry in book.entries]


def found(book: EntryBook, text: str) -> set[str]:
    words = words_of(text)
    return {match.owner.id for match in book.find(Surroundings(words, (), words))}


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=[f"{name}-{entry.id}" for name, entry in ENTRIES])
def test_every_entry_is_found_in_its_examples_and_not_in_its_counterexamples(name: str, entry: Entry) -> None:
    assert len(entry.examples) >= 2, "an entry needs at least two examples"
    missed = [text for text in entry.examples if entry.id not in found(BOOKS[name], text)]
    wrongly = [text for text in entry.counterexamples if entry.id in found(BOOKS[name], text)]
    assert not missed, f"not found in: {missed}"
    assert not wrongly, f"wrongly found in: {wrongly}"


def test_word_sense_needs_a_counterexample() -> None:
    bare = [
        entry.id for _, entry in ENTRIES if (entry.near or entry.posting or entry.unless) and not entry.counterexamples
    ]
    assert bare == []


def test_a_heading_means_what_its_longest_term_says() -> None:
    book = BOOKS["headings"]
    for entry in book.entries:
        for text in entry.examples:
            words = words_of(text)
            best = book.best(Surroundings(words, (), words))
            assert best is not None
            assert best.owner.word("kind") == entry.word("kind"), f"{text!r} reads as {best.owner.id}"


def test_every_fault_of_a_lexicon_is_named_at_once(tmp_path: Path) -> None:
    for path in BUILT_IN.glob("*.toml"):
        (tmp_path / path.name).write_text('[[entries]]\nid = "x"\nterms = ["*"]\nodd = 1\n')
    with pytest.raises(LexiconError) as error:
        load_lexicon(tmp_path)
    assert "unknown key 'odd'" in error.value.what
    assert "competencies.toml" in error.value.what
    assert "headings.toml" in error.value.what
