import pytest

from shipworthy.gateway.attacks.benign import KINDS, look_alike, look_alikes
from shipworthy.gateway.attacks.entities import Channel
from shipworthy.gateway.attacks.families import FAMILIES, attack
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.behaviours.plans import Plan
from shipworthy.gateway.behaviours.sightings import Lookout
from tests.unit.gateway.behaviours.builders import request, user

PAYLOADS = [payload for family in FAMILIES for seed in range(4) for payload in attack(family, seed=seed).payloads]
LOOKOUT = Lookout(PAYLOADS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_harmless_text_is_taken_for_an_attack(kind: str) -> None:
    for seed in range(10):
        for channel in Channel:
            assert LOOKOUT.sightings([look_alike(kind, seed=seed, channel=channel).text]) == ()


def test_many_harmless_texts_together_are_harmless() -> None:
    texts = [one.text for seed in range(8) for one in look_alikes(seed=seed)]
    assert LOOKOUT.sightings(texts) == ()
    assert LOOKOUT.sightings(["\n".join(texts)]) == ()


def test_the_worst_case_serves_the_user_over_harmless_texts() -> None:
    model = Obedient(seed=1, plans=[Plan("count", "how many", answer="Nine.")], payloads=PAYLOADS)
    mails = "\n\n".join(one.text for one in look_alikes(seed=5))
    assert model.reply(request(user(f"How many mails are these?\n{mails}"))).content == "Nine."


def test_seeds_make_the_same_text_again_and_others_for_other_seeds() -> None:
    assert look_alikes(seed=3) == look_alikes(seed=3)
    assert len({one.text for seed in range(20) for one in look_alikes(seed=seed)}) == 20 * len(KINDS)
