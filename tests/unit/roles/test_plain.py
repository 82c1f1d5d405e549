"""A profile as JSON: the keys that are documented, and what they hold."""

import json

from hypothesis import given, settings

from shipworthy.framework import load_framework
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.plain import scope_to_json
from tests.support.postings import BLENDED, OFFICE, scoped
from tests.support.profiles import profiles

FRAMEWORK = load_framework()


def plain(text: str) -> dict[str, object]:
    """Return what a machine reads of a job description."""
    found: dict[str, object] = json.loads(json.dumps(scope_to_json(scoped(text))))
    return found


def test_the_documented_keys_hold_what_was_read() -> None:
    found = plain(BLENDED)
    assert (found["ai_role"], found["primary_context"], found["blended"]) == (True, "llm_genai", True)
    assert found["blended_contexts"] == ["classical_ml", "llm_genai"]
    assert found["seniority"] == "senior"
    assert isinstance(found["contexts"], dict)
    assert tuple(found["contexts"]) == FRAMEWORK.role_context_ids
    assert abs(sum(found["contexts"].values()) - 1) < 1e-3


def test_a_competency_has_its_level_and_the_sentences_behind_it() -> None:
    competencies = plain(BLENDED)["competencies"]
    assert isinstance(competencies, dict)
    assert tuple(competencies) == FRAMEWORK.competency_ids
    rag = competencies["rag_vector_db"]
    assert rag["level"] == "required"
    assert rag["evidence"] == ["You build retrieval-augmented generation on a vector database"]
    assert set(rag["quotes"][0]) == {"sentence", "words", "stance", "because"}
    assert "vector database" in rag["quotes"][0]["words"]
    assert (competencies["governance"]["level"], competencies["governance"]["evidence"]) == ("not_mentioned", [])


def test_warnings_have_a_code_and_words() -> None:
    warnings = plain(OFFICE)["warnings"]
    assert isinstance(warnings, list)
    assert warnings[0]["code"] == "not_an_ai_role"
    assert set(warnings[0]) == {"code", "what", "advice", "sentences"}
    assert plain(OFFICE)["primary_context"] is None


def test_the_source_names_what_the_profile_rests_on() -> None:
    source = plain(BLENDED)["source"]
    assert isinstance(source, dict)
    assert (source["format"], source["reader"]) == ("text", "lexicon")
    assert source["framework"] == FRAMEWORK.version
    assert all(source.values())


@settings(max_examples=40)
@given(profiles())
def test_any_profile_can_be_written_as_json(profile: RoleProfile) -> None:
    found = json.loads(json.dumps(scope_to_json(profile)))
    assert found["version"] == profile.version
    assert {name: line["need"] for name, line in found["competencies"].items()} == profile.needs
