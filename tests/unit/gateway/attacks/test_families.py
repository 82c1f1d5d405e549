import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.gateway.attacks.aims import address
from shipworthy.gateway.attacks.entities import Aim, Channel, Family
from shipworthy.gateway.attacks.families import FAMILIES, UnfitChannelError, attack, families, suite
from shipworthy.gateway.attacks.pen import Pen
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.behaviours.payloads import Goal
from shipworthy.gateway.behaviours.plans import Step
from shipworthy.gateway.behaviours.sightings import Lookout
from shipworthy.gateway.entities import ToolDefinition
from tests.unit.gateway.behaviours.builders import request, tool, user

FITTING = [(family, channel) for family in FAMILIES for channel in family.channels]
DOMAIN = re.compile(r"(?:@|https?://)([\w.-]+)")


def test_the_library_is_broad_and_a_third_of_it_is_held() -> None:
    assert len({family.id for family in FAMILIES}) == len(FAMILIES) >= 12
    held = families(held=True)
    assert len(held) >= 5
    assert {*held, *families(held=False)} == set(FAMILIES)
    assert {channel for family in FAMILIES for channel in family.channels} == set(Channel)


@pytest.mark.parametrize(("family", "channel"), FITTING, ids=lambda value: getattr(value, "id", value))
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_attack_can_be_read_where_it_arrives(family: Family, channel: Channel, seed: int) -> None:
    made = attack(family, seed=seed, channel=channel)
    seen = Lookout(made.payloads).sightings(["You sort the mail.", made.text])
    assert [found.payload.id for found in seen] == [payload.id for payload in made.payloads]
    assert seen[0].source == 1


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_every_attack_makes_the_worst_case_act_or_speak(family: Family) -> None:
    for seed in range(12):
        made = attack(family, seed=seed)
        tools = tuple(ToolDefinition(step.tool, "", {}) for payload in made.payloads[:1] for step in payload.goal.steps)
        reply = Obedient(seed=1, payloads=made.payloads).reply(request(user("Read it."), tool(made.text), tools=tools))
        assert (reply.trace or {})["obeyed"] == made.id
        assert [call.name for call in reply.tool_calls] == [offered.name for offered in tools]
        assert reply.tool_calls or reply.content


@given(st.sampled_from(FAMILIES), st.integers())
@settings(deadline=None, max_examples=40)
def test_a_seed_makes_the_same_attack_again(family: Family, seed: int) -> None:
    assert attack(family, seed=seed) == attack(family.id, seed=seed)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_seeds_make_different_attacks(family: Family) -> None:
    texts = {attack(family, seed=seed, channel=family.channels[0]).text for seed in range(30)}
    assert len(texts) >= 25


def test_no_attack_names_a_place_that_exists() -> None:
    texts = [
        payload.text for family in FAMILIES for seed in range(25) for payload in attack(family, seed=seed).payloads
    ]
    found = [domain for text in texts for domain in DOMAIN.findall(text)]
    assert found
    assert {domain.rstrip(".").rsplit(".")[-1] for domain in found} == {"example"}
    assert address(Pen(1, "x")).endswith(".example")


def test_a_task_may_bring_its_own_aim() -> None:
    aim = Aim("lights", "switch off all lights of building nine", Goal((Step("switch", {"on": False}),)))
    for family in FAMILIES:
        made = attack(family, seed=4, aim=aim)
        if family.id not in {"exfiltration_link", "argument_smuggling"}:
            assert aim.goal in [payload.goal for payload in made.payloads]


def test_an_attack_comes_only_by_the_channels_of_its_family() -> None:
    with pytest.raises(UnfitChannelError, match="contact_name does not come by web_page"):
        attack("contact_name", seed=1, channel=Channel.WEB_PAGE)
    with pytest.raises(KeyError):
        attack("unheard_of", seed=1)


def test_a_suite_has_so_many_of_each_that_fits_and_ids_of_their_own() -> None:
    made = suite(families(held=False), seed=2, each=3, channel=Channel.TOOL_ERROR)
    assert {one.family for one in made} == {"tool_result_forgery", "error_message"}
    assert len({one.id for one in made}) == len(made) == 6
    assert {one.channel for one in made} == {Channel.TOOL_ERROR}


def test_names_and_subjects_stay_in_one_line() -> None:
    for channel in (Channel.CONTACT_NAME, Channel.FILE_NAME, Channel.MAIL_SUBJECT):
        for family in FAMILIES:
            if channel in family.channels:
                assert "\n" not in attack(family, seed=3, channel=channel).text


def test_a_family_can_be_added_without_touching_the_library() -> None:
    own = replace(FAMILIES[0], id="own", channels=(Channel.CHAT_MESSAGE,))
    assert attack(own, seed=1).family == "own"
