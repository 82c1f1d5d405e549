"""A profile's file holds everything, says all its faults at once, and stands where its changes lead."""

import os
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import canonical_bytes
from shipworthy.roles.changes import CONTEXT, SCALARS
from shipworthy.roles.entities import Caution, Quote, RoleProfile
from shipworthy.roles.errors import ProfileError, ProfileFileError
from shipworthy.roles.profile_file import (
    parse_profile,
    plain_profile,
    profile_digest,
    profile_text,
    read_profile,
    write_profile,
)
from shipworthy.roles.stances import Stance
from tests.architecture.pages import DOCS, first_cells, ticked
from tests.support.profiles import changed, llm_profile, profiles, undone

QUOTE = Quote("A sentence with “signs”, \\ and ''' and \"\"\".", ("signs",), Stance.REQUIRED, "Requirements")


def faults_of(text: str) -> ProfileError:
    with pytest.raises(ProfileError) as refused:
        parse_profile(text.encode(), "role.toml")
    return refused.value


def edited(profile: RoleProfile, *pairs: tuple[str, str]) -> str:
    """Return a profile's text as somebody edits it: the first place of each pair."""
    text = profile_text(profile)
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@given(profiles())
@settings(max_examples=100)
def test_everything_of_a_profile_comes_back_from_its_text(profile: RoleProfile) -> None:
    back = parse_profile(profile_text(profile).encode(), "role.toml")
    assert back == profile
    assert profile_digest(back) == profile_digest(profile)


def test_a_profile_comes_back_from_its_file(tmp_path: Path) -> None:
    profile = undone(changed(changed(llm_profile(), CONTEXT, "research"), "needs.governance", "preferred"))
    write_profile(profile, tmp_path / "role.toml")
    assert read_profile(tmp_path / "role.toml") == profile


def test_the_digest_belongs_to_the_values_and_not_to_the_layout() -> None:
    text = profile_text(llm_profile())
    bare = "\n\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert profile_digest(parse_profile(bare.encode(), "role.toml")) == profile_digest(llm_profile())
    versions = [llm_profile(), changed(llm_profile(), "minutes", "90"), undone(changed(llm_profile(), "minutes", "90"))]
    assert len({profile_digest(each) for each in versions}) == 3


def test_the_plain_form_can_be_spelled_canonically_and_says_the_version() -> None:
    plain = plain_profile(changed(llm_profile(), CONTEXT, "none"))
    assert canonical_bytes(plain)
    assert plain["version"] == 2
    assert plain["primary_context"] is None


def test_a_file_that_cannot_be_written_leaves_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "role.toml"
    (tmp_path / "folder").mkdir()
    write_profile(llm_profile(), path)
    with pytest.raises(ProfileError, match="no text file can hold"):
        write_profile(replace(llm_profile(), title="\ud800"), path)
    assert read_profile(path) == llm_profile()
    with pytest.raises(OSError, match="directory"):
        write_profile(llm_profile(), tmp_path / "folder")
    with pytest.raises(FileNotFoundError) as missing:
        write_profile(llm_profile(), tmp_path / "nowhere" / "role.toml")
    assert missing.value.filename == str(tmp_path / "nowhere" / "role.toml")
    assert sorted(os.listdir(tmp_path)) == ["folder", "role.toml"]


def test_a_rewritten_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "role.toml", tmp_path / "link.toml"
    write_profile(llm_profile(), path)
    path.chmod(0o640)
    link.symlink_to(path)
    write_profile(changed(llm_profile(), "minutes", "90"), link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert read_profile(path).minutes == 90


def test_a_change_by_hand_that_says_why_is_taken() -> None:
    table = (
        '[[changes]]\nwhat = "minutes"\nbefore = "180"\nafter = "90"\nby = "Ada"\nreason = "Less is enough."\n'
        'when = "2026-05-03T09:30:00Z"\n'
    )
    text = edited(llm_profile(), ("minutes = 180", "minutes = 90"), ("[scoped]", f"{table}\n[scoped]"))
    found = parse_profile(text.encode(), "role.toml")
    assert (found.minutes, found.version, found.changes[0].reason) == (90, 2, "Less is enough.")


def test_every_change_by_hand_without_a_reason_is_named_with_the_table_to_add() -> None:
    text = edited(
        llm_profile(),
        ("minutes = 180", "minutes = 90"),
        ('seniority = "senior"', 'seniority = "staff"'),
        ('ai_security = "required"', 'ai_security = "preferred"'),
        ('title = "Senior LLM Engineer"', 'title = "Engineer"'),
    )
    refused = faults_of(text)
    assert isinstance(refused, ProfileFileError)
    named = {finding.key for finding in refused.findings}
    assert named == {"minutes", "seniority", "needs.ai_security", "title"}
    assert 'shipworthy role change role.toml needs.ai_security preferred --by "..." --reason "..."' in refused.remedy
    tables = refused.remedy[refused.remedy.index("[[changes]]") : refused.remedy.index("Or put back")]
    for blank, filled in (("by", "Ada"), ("when", "2026-05-03T09:30:00+00:00"), ("reason", "Because.")):
        tables = tables.replace(f'{blank} = ""', f'{blank} = "{filled}"')
    mended = parse_profile(text.replace("[scoped]", f"{tables}\n[scoped]", 1).encode(), "role.toml")
    assert (mended.minutes, mended.seniority, mended.title, mended.version) == (90, "staff", "Engineer", 5)


def test_a_context_changed_by_hand_is_sent_to_the_command() -> None:
    refused = faults_of(edited(llm_profile(), ('primary_context = "llm_genai"', 'primary_context = "research"')))
    assert "shipworthy role change role.toml primary_context research" in refused.remedy
    assert "[[changes]]" not in refused.remedy


def test_changes_that_do_not_follow_on_each_other_are_named() -> None:
    twice = changed(changed(llm_profile(), "minutes", "90"), "minutes", "60")
    refused = faults_of(edited(twice, ('before = "90"', 'before = "120"')))
    assert "changes[2].before" in refused.what
    assert "'90'" in refused.what


def test_what_follows_from_the_context_cannot_be_edited() -> None:
    refused = faults_of(edited(llm_profile(), ('framework = "required"', 'framework = "preferred"')))
    assert "competencies[1].framework" in refused.what


def test_all_faults_are_told_at_once_each_with_key_and_remedy() -> None:
    text = edited(
        changed(llm_profile(), "minutes", "90"),
        ("minutes = 90", 'minutes = "ninety"'),
        ("years = 5\n", ""),
        ('seniority = "senior"', 'seniorty = "senior"'),
        ('rag_vector_db = "required"', 'rag_vector_db = "perhaps"'),
        ('after = "90"', 'after = "1441"'),
        ('by = "Ada Byron"\nwhen = "2026-05-03T09:30:00+00:00"', 'by = " "\nwhen = "today"'),
        ('competency_id = "governance"', 'competency_id = "goverance"'),
        ('context_id = "research"', 'context_id = "robotics"'),
        ('said = "required"', "said = 1"),
        ('framework_version = "shipworthy-', 'framework_version = "other-'),
    )
    refused = faults_of(text)
    assert isinstance(refused, ProfileFileError)
    keys = {finding.key for finding in refused.findings}
    assert keys >= {
        "minutes", "years", "seniority", "seniorty", "needs.rag_vector_db", "changes[1].after", "changes[1].by",
        "changes[1].when", "competencies[11].competency_id", "competencies", "contexts[3].context_id", "contexts",
        "competencies[1].said", "source.framework_version",
    }  # fmt: skip
    assert all(finding.fault and finding.remedy for finding in refused.findings)
    assert "Did you mean 'seniority'?" in refused.what
    assert all(key in refused.what for key in keys)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("minutes = 180", "minutes = 0", "minutes"),
        ("minutes = 180", "minutes = 90.0", "minutes"),
        ("minutes = 180", "minutes = true", "minutes"),
        ("[scoped]", "[[changes]]\n[scoped]", "changes[1].what"),
        ("[scoped]", "[unheard]\n[scoped]", "unheard"),
        ("[role]", "[roles]", "role"),
        ('ai_role = "yes"', "ai_role = true", "role.ai_role"),
        ("blended_contexts = []", 'blended_contexts = ["robotics"]', "role.blended_contexts"),
        ("share = 0.0", "share = nan", "contexts[1].share"),
        ('stance = "required"', 'stance = "loud"', "contexts[2].quotes[1].stance"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(before: str, after: str, key: str) -> None:
    refused = faults_of(edited(llm_profile(), (before, after)))
    assert isinstance(refused, ProfileFileError)
    assert key in {finding.key for finding in refused.findings}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'title = "x"\nyears = = 2\n', "at line 2, column 9"),
        (b'title = "x"\n[x', "at line 2, column 3"),
        (b"title = 1\ntitle = 2\n", "line 2"),
        (b'title = "caf\xe9"\n', "at line 1"),
        (b"", "missing"),
        (b"x = " + b"[" * 100_000, "role.toml"),
        (b"x = " + b"9" * 10_000, "role.toml"),
    ],
)
def test_what_is_no_toml_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises(ProfileError, match=re.escape(words)) as refused:
        parse_profile(content, "role.toml")
    assert refused.value.remedy


def test_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.toml"):
        with pytest.raises(ProfileError) as refused:
            read_profile(path)
        assert "shipworthy role scope" in refused.value.remedy


@given(st.data())
@settings(max_examples=150)
def test_whatever_becomes_of_the_lines_a_file_is_read_or_refused_in_words(data: st.DataObject) -> None:
    lines = profile_text(changed(llm_profile(), "minutes", "90")).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        other = data.draw(
            st.sampled_from(["", "x = 1", lines[-2], "[needs]", "[[changes]]", "years = 3", "minutes = []"])
        )
        lines[place : place + 1] = data.draw(st.sampled_from([[], [other], [lines[place], other], [lines[place][:-2]]]))
    assert read_or_refused("\n".join(lines))


def read_or_refused(text: str) -> bool:
    """Say whether a text is a profile or is refused with words and a remedy; any other fault goes on."""
    try:
        return parse_profile(text.encode(), "role.toml").version > 0
    except ProfileError as refused:
        return bool(refused.what and refused.remedy)


def keys_of(values: object, place: str = "") -> Iterator[str]:
    """Yield the keys of a document as the page writes them."""
    if isinstance(values, list) and values and isinstance(values[0], dict):
        for each in values:
            yield from keys_of(each, f"{place}[]")
    elif isinstance(values, dict):
        for key, value in values.items():
            yield from keys_of(value, f"{place}.{key}" if place else key)
    else:
        yield re.sub(r"^.*\.(quotes|aside)\[\]", "quotes[]", re.sub(r"^needs\..*", "needs.<competency>", place))


def test_the_page_describes_every_key_and_no_other() -> None:
    profile = changed(llm_profile(), "minutes", "90")
    full = replace(
        profile,
        warnings=(Caution("a", "b", "c", ("d",)),),
        contexts=tuple(replace(each, quotes=(QUOTE,)) for each in profile.contexts),
        competencies=tuple(replace(each, quotes=(QUOTE,), aside=(QUOTE,)) for each in profile.competencies),
    )
    written = set(keys_of(tomllib.loads(profile_text(full))))
    listed = {"contexts[].quotes", "competencies[].quotes", "competencies[].aside"}
    described = set(ticked(first_cells((DOCS / "reference" / "role-profile.md").read_text(encoding="utf-8"))))
    assert described - listed == written
    assert set(SCALARS) < described
