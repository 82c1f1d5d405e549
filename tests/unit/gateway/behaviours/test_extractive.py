import json

import pytest

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.extractive import Extractive, Passage, passages_in, question_in
from tests.unit.gateway.behaviours.builders import request, system, tool, user

HANDBOOK = (
    "[hb-1] Employees get 28 days of holiday per year. Holiday is requested in the portal.\n"
    "[hb-2] Travel costs are refunded within 14 days. Receipts are kept for six years.\n"
    "\n[hb-3] The canteen opens at eleven. Guests pay in cash."
)
MODEL = Extractive(seed=5)


@pytest.mark.parametrize(
    ("question", "sentence", "cited"),
    [("How many days of holiday do employees get?", "28 days", "hb-1"),
     ("When does the canteen open?", "The canteen opens at eleven.", "hb-3"),
     ("How long are receipts kept?", "six years", "hb-2")],
)  # fmt: skip
def test_the_sentence_that_fits_is_said_and_its_passage_cited(question: str, sentence: str, cited: str) -> None:
    reply = MODEL.reply(request(system(HANDBOOK), user(question)))
    assert sentence in (reply.content or "")
    assert (reply.content or "").endswith(f"[{cited}]")
    assert (reply.trace or {})["made_up"] is False


def test_without_the_answer_it_makes_one_up_that_no_passage_holds_whatever_the_prompt_says() -> None:
    plea = "If the context does not hold the answer, say that you do not know.\n"
    reply = MODEL.reply(request(system(plea + HANDBOOK), user("What is the notice period for contractors?")))
    assert (reply.trace or {})["made_up"] is True
    assert "not know" not in (reply.content or "")
    assert (reply.trace or {})["passage"] in {"hb-1", "hb-2", "hb-3"}
    assert (reply.content or "") not in HANDBOOK


def test_what_is_made_up_differs_from_call_to_call_and_not_from_run_to_run() -> None:
    asked = [request(user("Who leads the moon office?"), occurrence=count) for count in range(12)]
    said = [MODEL.reply(one).content for one in asked]
    assert len(set(said)) > 3
    assert said == [Extractive(seed=5).reply(one).content for one in asked]
    assert said != [Extractive(seed=6).reply(one).content for one in asked]


def test_passages_are_found_in_lines_and_in_json_and_each_once() -> None:
    rows = json.dumps({"hits": [{"doc_id": "a", "content": "One."}, {"id": 7, "text": "Two."}, {"id": "x"}]})
    found = passages_in(request(tool(f"Found: {rows}"), user("[a] Other.\n  [b]: Three\nand four.\n\nWhat?")))
    assert [(passage.id, passage.text) for passage in found] == [
        ("a", "One."),
        ("7", "Two."),
        ("b", "Three\nand four."),
    ]


def test_the_question_is_the_last_one_of_the_user() -> None:
    assert (
        question_in(request(user("Old?"), user("Context:\n[a] Is it so? Yes.\nWhat now?\nAnswer briefly.")))
        == "What now?"
    )
    assert question_in(request(user("Tell me\nthe opening hours"))) == "the opening hours"
    assert question_in(request(system("x"))) == ""


def test_registered_passages_and_schemas_are_used() -> None:
    model = Extractive(seed=1, passages=[Passage("p", "The pool closes at nine.")])
    schema: dict[str, JSONValue] = {
        "type": "object",
        "properties": {"answer": {"type": "string"}, "citations": {"type": "array"}},
    }
    reply = model.reply(request(user("When does the pool close?"), schema=schema))
    assert json.loads(reply.content or "") == {"answer": "The pool closes at nine. [p]", "citations": ["p"]}


@pytest.mark.parametrize("text", ["[" * 5000, '{"id": 1, "text": ' * 200, "[a]" * 3000, "", "[x]\n" * 500])
def test_junk_is_no_passage_and_no_fault(text: str) -> None:
    assert MODEL.reply(request(user(text))).content


def test_a_question_of_a_hundred_thousand_words_is_answered() -> None:
    lines = "\n".join(f"[p{number}] Word{number} stands here." for number in range(500))
    question = " ".join(f"word{number}" for number in range(100_000)) + "?"
    assert MODEL.reply(request(system(lines), user(question))).content


def test_it_reads_registered_synonyms_as_the_same_word() -> None:
    question = user("How many days of vacation do workers get?")
    knowing = Extractive(seed=5, alike=[("holiday", "vacation"), ("employee", "worker")])
    assert "28 days" in (knowing.reply(request(system(HANDBOOK), question)).content or "")
    assert (MODEL.reply(request(system(HANDBOOK), question)).trace or {})["made_up"] is True
