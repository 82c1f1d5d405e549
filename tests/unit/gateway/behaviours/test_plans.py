import json

import pytest

from shipworthy.gateway.behaviours.plans import (
    CallIds,
    Conversation,
    NotFound,
    PlanError,
    Step,
    Take,
    Walk,
    followed,
    found_in,
)
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import Message, Role, ToolCall
from tests.unit.gateway.behaviours.builders import tool, user

IDS = CallIds(Draws(1), "plan")
STEPS = (
    Step("read_inbox", name="inbox"),
    Step("read_mail", {"id": "{item.id}"}, each="mails", name="mail"),
    Step("send_mail", {"to": "{sender}", "body": "Got {count} mails, first: {first}"}),
)
TAKES = {
    "mails": Take("inbox", path="mails"),
    "count": Take("inbox", path="count"),
    "sender": Take("mail", pattern=r"From: (\S+)"),
    "first": Take("mail", which=0, pattern=r"\A.{5}"),
}
INBOX = json.dumps({"count": 2, "mails": [{"id": 4}, {"id": 9}]})


def walk(*messages: Message, lenient: bool = False) -> Walk:
    return Walk(STEPS, TAKES, Conversation(messages), IDS, lenient=lenient)


def calls(*pairs: tuple[str, str]) -> Message:
    return Message(Role.ASSISTANT, "", tool_calls=tuple(ToolCall(made, name, "{}") for made, name in pairs))


def test_a_plan_is_walked_step_by_step_with_values_from_results() -> None:
    talk = [user("Answer my mail")]
    (first,) = walk(*talk).next_calls()
    assert first.step.tool == "read_inbox"
    talk += [calls((first.id, "read_inbox")), tool(INBOX, first.id)]
    second = walk(*talk).next_calls()
    assert [call.arguments for call in second] == [{"id": 4}, {"id": 9}]
    talk += [calls(*((call.id, "read_mail") for call in second))]
    talk += [tool("Hello, From: ann@x.example", second[0].id), tool("Again, From: bob@x.example", second[1].id)]
    (third,) = walk(*talk).next_calls()
    assert third.arguments == {"to": "bob@x.example", "body": "Got 2 mails, first: Hello"}
    talk += [calls((third.id, "send_mail")), tool("ok", third.id)]
    assert walk(*talk).next_calls() == []


def test_half_of_a_step_leaves_the_other_half() -> None:
    (first,) = walk(user("x")).next_calls()
    talk = (user("x"), calls((first.id, "read_inbox")), tool(INBOX, first.id))
    one, other = walk(*talk).next_calls()
    assert walk(*talk, calls((one.id, "read_mail"))).next_calls() == [other]


def test_a_program_that_renames_calls_is_recognised_by_tool_and_arguments() -> None:
    renamed = Message(Role.ASSISTANT, "", tool_calls=(ToolCall("other", "read_inbox", "{}"),))
    assert [call.step.tool for call in walk(user("x"), renamed, tool(INBOX, "other")).next_calls()] == ["read_mail"] * 2


def test_a_value_that_is_not_there_is_missing_or_empty() -> None:
    lonely = Walk((Step("send_mail", {"to": "{sender}"}),), TAKES, Conversation((user("x"),)), IDS)
    with pytest.raises(NotFound):
        lonely.next_calls()
    lenient = Walk(lonely.steps, TAKES, lonely.conversation, IDS, lenient=True)
    assert lenient.next_calls()[0].arguments == {"to": ""}


def test_an_unknown_place_is_the_fault_of_the_plan() -> None:
    with pytest.raises(PlanError, match="nobody"):
        walk(user("x")).filled("Dear {nobody}")


def test_a_value_keeps_its_type_alone_and_is_spelled_within_a_text() -> None:
    known = Walk((), {}, Conversation(()), IDS, known={"n": 3, "row": {"a": [1, 2]}})
    assert known.filled(["{n}", "{row.a[1]}", "n={n}", "{row.a}", "{not a place}"]) == [
        3,
        2,
        "n=3",
        [1, 2],
        "{not a place}",
    ]


def test_paths_and_patterns_find_what_they_say() -> None:
    assert followed({"a": [{"b": 1}]}, "a[0].b") == 1
    assert followed([1, 2, 3], "[-1]") == 3
    assert found_in(['{"a": 1}', "code is 77"], Take(pattern=r"code is (\d+)", which=0)) == "77"
    assert found_in(["x", '{"a": "k=5"}'], Take(path="a", pattern=r"\d")) == "5"
    for path in ("a.c", "a[7]", "z"):
        with pytest.raises(NotFound):
            followed({"a": [{"b": 1}]}, path)


def test_what_is_no_json_has_no_paths() -> None:
    for text in ("no json", '{"a": NaN}', "[" * 100_000):
        with pytest.raises(NotFound):
            found_in([text], Take(path="a"))


def test_a_list_of_any_length_makes_a_hundred_calls_at_most() -> None:
    (first,) = walk(user("x")).next_calls()
    many = json.dumps({"mails": [{"id": number} for number in range(5000)]})
    assert len(walk(user("x"), calls((first.id, "read_inbox")), tool(many, first.id)).next_calls()) == 100
