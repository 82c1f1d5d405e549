import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.core.errors import BadInputError
from shipworthy.framework import UnknownNameError, load_framework
from shipworthy.roles.blueprint.entities import Firmness, LeftOutReason, TaskOffer
from shipworthy.roles.blueprint.errors import BlueprintError
from shipworthy.roles.blueprint.operations import draw_blueprint
from shipworthy.roles.blueprint.plain import blueprint_to_json
from shipworthy.tasks.entities import Method
from tests.unit.roles.blueprint.builders import NOT_NEEDED, PREFERRED, REQUIRED, offer

NEEDS = {"evaluation": REQUIRED, "governance": REQUIRED, "rag_vector_db": NOT_NEEDED, "api_development": PREFERRED}


def evaluations(count: int = 3, minutes: int = 30) -> list[TaskOffer]:
    return [offer(f"eval-{place}", "evaluation", rated=["evaluation"], minutes=minutes) for place in range(count)]


def test_three_tasks_with_both_kinds_of_evidence_are_firm() -> None:
    blueprint = draw_blueprint({"evaluation": REQUIRED}, evaluations(5), limit_minutes=180)
    assert blueprint.task_ids == ("eval-0", "eval-1", "eval-2")
    assert blueprint.minutes == 90
    assert blueprint.firm == ("evaluation",)
    assert blueprint.coverage[0].effective_n == pytest.approx(24 / 2.05)
    assert blueprint.notes[0].startswith("No task on offer for this role has the method")


def test_two_kinds_are_needed_only_where_tasks_on_offer_have_them() -> None:
    executed = [offer(f"task-{place}", "evaluation") for place in range(3)]
    assert draw_blueprint({"evaluation": REQUIRED}, executed).firm == ("evaluation",)
    rated = offer("rated", "evaluation", rated=["evaluation"], minutes=60)
    blueprint = draw_blueprint({"evaluation": REQUIRED}, [*executed, rated], limit_minutes=90)
    assert blueprint.firm == ()
    assert blueprint.coverage[0].reason == "Not enough for a firm word: no ratings by a person."
    assert blueprint.without_limit.minutes == 120
    assert "In 2 h the tasks on offer would allow a firm word about 1 required competency" in blueprint.notes[0]


def test_what_the_catalogue_lacks_is_said_with_numbers() -> None:
    blueprint = draw_blueprint(NEEDS, [*evaluations(), offer("policy", "governance")])
    lacking = blueprint.without_limit.lacking
    assert [(entry.competency_id, entry.tasks_missing) for entry in lacking] == [("governance", 2)]
    assert lacking[0].words == "1 task on offer, worth 3.9 independent observations; at least 2 more."
    assert Method.SECURITY in blueprint.without_limit.methods_missing


def test_every_task_says_what_would_be_lost_without_it() -> None:
    offers = [*evaluations(), offer("policy", "governance", method=Method.SYSTEM_DESIGN)]
    blueprint = draw_blueprint(NEEDS, offers)
    lost = {task.task_id: task.lost_without for task in blueprint.tasks}
    assert lost["policy"][0].startswith("No task by the method ")
    assert lost["policy"][1].endswith(": no evidence at all.")
    assert len(lost["eval-0"]) == 1
    assert "no firm word (2 of 3 tasks, worth 7.8 of 8 independent observations)" in lost["eval-0"][0]
    assert [task.only_of_method for task in blueprint.tasks] == [False, False, False, True]


def test_tasks_that_cannot_be_chosen_are_named_with_the_reason() -> None:
    offers = [
        *evaluations(),
        offer("search", "evaluation", "rag_vector_db"),
        offer("paper", "evaluation", contexts=["research"]),
        offer("dull", "governance"),
    ]
    blueprint = draw_blueprint(NEEDS, offers, contexts=["llm_genai"], excluded=["dull"])
    reasons = {task.task_id: task.reason for task in blueprint.left_out}
    assert reasons == {
        "search": LeftOutReason.NOT_NEEDED,
        "paper": LeftOutReason.OTHER_CONTEXT,
        "dull": LeftOutReason.EXCLUDED,
    }
    assert not set(reasons) & set(blueprint.task_ids)
    assert "1 task is made for another role context and not on offer." in blueprint.notes


def test_a_pinned_task_is_in_even_where_nothing_needs_it() -> None:
    blueprint = draw_blueprint(NEEDS, [*evaluations(), offer("own", "api_development", minutes=100)], pinned=["own"])
    own = next(task for task in blueprint.tasks if task.task_id == "own")
    assert own.pinned
    assert own.why.startswith("You asked for it; Evidence on what is preferred")
    assert blueprint.tasks[-1] == own


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({"limit_minutes": 0}, "limit is 0"),
        ({"limit_minutes": -5}, "limit is -5"),
        ({"limit_minutes": 10**9}, "limit is 1000000000"),
        ({"limit_minutes": 90.5}, "limit is 90.5"),
        ({"limit_minutes": True}, "limit is True"),
        ({"pinned": ["eval-7"]}, "no task 'eval-7'"),
        ({"excluded": ["eval-7"]}, "no task 'eval-7'"),
        ({"pinned": ["eval-1"], "excluded": ["eval-1"]}, "both in and out"),
        ({"pinned": ["eval-1", "eval-2"], "limit_minutes": 59}, "take 1 h; the limit is 59 min"),
        ({"pinned": ["search"]}, "cannot be in: It assesses RAG"),
        ({"pinned": ["eval-0"], "contexts": ["research"]}, "cannot be in: It is made for"),
    ],
)
def test_wishes_that_cannot_be_met_end_in_words(wishes: dict[str, object], word: str) -> None:
    offers = [*evaluations(), offer("search", "rag_vector_db")]
    with pytest.raises(BlueprintError, match=word) as caught:
        draw_blueprint(NEEDS, offers, **wishes)  # type: ignore[arg-type]
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("needs", "offers", "contexts"),
    [
        ({}, [], []),
        ({"juggling": REQUIRED}, [], []),
        (NEEDS, [], ["circus"]),
        (NEEDS, [offer("a", "juggling")], []),
        (NEEDS, [offer("a", "evaluation"), offer("a", "evaluation")], []),
        (NEEDS, [offer("a")], []),
        (NEEDS, [offer("a", "evaluation", minutes=0)], []),
    ],
)
def test_unknown_names_and_impossible_offers_end_in_words(
    needs: dict[str, object], offers: list[TaskOffer], contexts: list[str]
) -> None:
    with pytest.raises((BlueprintError, UnknownNameError)) as caught:
        draw_blueprint(needs, offers, contexts=contexts)  # type: ignore[arg-type]
    assert isinstance(caught.value, BadInputError)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("needs", "offers", "limit", "note"),
    [
        (NEEDS, [], 180, "The catalogue has no task."),
        (NEEDS, evaluations(), 10, "No task fits: the shortest takes 30 min."),
        (NEEDS, [offer("search", "rag_vector_db")], 180, "No task is on offer for this role."),
        ({"evaluation": PREFERRED}, evaluations(), 180, "No competency is required, so"),
        ({"evaluation": NOT_NEEDED}, evaluations(), 180, "nothing to assess"),
    ],
)
def test_a_blueprint_with_little_in_it_says_why(
    needs: dict[str, object], offers: list[TaskOffer], limit: int, note: str
) -> None:
    blueprint = draw_blueprint(needs, offers, limit_minutes=limit)  # type: ignore[arg-type]
    assert any(note in entry for entry in blueprint.notes)


SIZES = st.tuples(
    st.sampled_from(["evaluation", "governance", "api_development", "rag_vector_db"]), st.integers(10, 50)
)


@given(st.lists(SIZES, max_size=9), st.integers(1, 240), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_rules_that_always_hold(sizes: list[tuple[str, int]], limit: int, chance: object) -> None:
    offers = [
        offer(f"task-{place}", name, minutes=minutes, rated=[name] if place % 2 else [], method=list(Method)[place % 4])
        for place, (name, minutes) in enumerate(sizes)
    ]
    blueprint = draw_blueprint(NEEDS, offers, limit_minutes=limit)
    assert blueprint.minutes == sum(task.minutes for task in blueprint.tasks) <= limit
    assert not {task.task_id for task in blueprint.left_out} & set(blueprint.task_ids)
    assert len(blueprint.coverage) == len(NEEDS)
    shuffled = list(offers)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw_blueprint(NEEDS, shuffled, limit_minutes=limit) == blueprint
    enough = max(1, blueprint.without_limit.minutes)
    assert draw_blueprint(NEEDS, offers, limit_minutes=enough).firm == blueprint.without_limit.firm
    assert set(blueprint.firm) <= {
        entry.competency_id for entry in blueprint.coverage if entry.firmness is Firmness.FIRM
    }


def test_the_json_form_is_canonical_and_has_every_part() -> None:
    blueprint = draw_blueprint(NEEDS, evaluations(), contexts=["llm_genai"])
    plain = blueprint_to_json(blueprint)
    assert canonical_bytes(plain) == canonical_bytes(
        blueprint_to_json(draw_blueprint(NEEDS, evaluations()[::-1], contexts=["llm_genai"]))
    )
    assert set(plain) == {
        "limit_minutes", "minutes", "contexts", "rule", "tasks", "methods", "coverage", "without_limit",
        "left_out", "notes",
    }  # fmt: skip


def test_titles_come_from_the_framework() -> None:
    blueprint = draw_blueprint(NEEDS, evaluations())
    titles = {entry.id: entry.title for entry in load_framework().competencies}
    assert all(entry.title == titles[entry.competency_id] for entry in blueprint.coverage)
