from hypothesis import given
from hypothesis import strategies as st

from shipworthy.framework import load_framework
from shipworthy.reports.postings import runs_of, shown_posting
from shipworthy.roles.operations import scope_text


@given(st.text("ab c.", max_size=60), st.lists(st.text("ab c", min_size=1, max_size=5), max_size=5))
def test_marking_words_changes_no_word(text: str, words: list[str]) -> None:
    runs = runs_of(text, words)
    assert "".join(run.text for run in runs) == text
    assert all(run.text for run in runs)
    assert all(any(word in run.text for word in words) for run in runs if run.recognised)
    assert not any(word == run.text.strip() for word in words for run in runs if not run.recognised)


def test_words_are_marked_where_they_stand_as_words() -> None:
    runs = runs_of("RAG, not ragtime or bRAGging; RAG pipeline", ["RAG", "RAG pipeline"])
    assert [run.text for run in runs if run.recognised] == ["RAG", "RAG pipeline"]


def test_no_word_of_a_posting_is_lost_or_moved() -> None:
    text = (
        "Data Scientist\n\nRequirements: five years of PyTorch. Benefits: a course.\n- Deploy with MLflow\n---\nThe end"
    )
    scoped = scope_text(text)
    groups = shown_posting(scoped, load_framework())
    sentences = [sentence for group in groups for block in group.blocks for sentence in block.sentences]
    shown = " ".join(run.text for sentence in sentences for run in sentence.runs)
    assert "".join(shown.split()) == "".join("".join(block.text for block in scoped.posting.blocks).split())


def test_items_that_follow_each_other_are_one_list() -> None:
    scoped = scope_text("Data Scientist\n\nRequirements\n- PyTorch\n- MLflow\n\nNice to have\n- LoRA\n")
    groups = shown_posting(scoped, load_framework())
    kinds = [(group.kind, len(group.blocks)) for group in groups]
    assert kinds == [("title", 1), ("heading", 1), ("item", 2), ("heading", 1), ("item", 1)]
