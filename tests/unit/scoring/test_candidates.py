from collections.abc import Iterator
from dataclasses import replace

import pytest

from shipworthy.bootstrap import House
from shipworthy.delivery.assessments.entities import Wish
from shipworthy.delivery.assessments.operations import make_assessment
from shipworthy.grading.jobs.operations import stopped
from shipworthy.roles.documents import read_text
from shipworthy.roles.kept.entities import Author, RoleVersion
from shipworthy.roles.kept.operations import change_profile, keep_role, version
from shipworthy.roles.shelf import Shelf
from shipworthy.scoring.candidates import Scorer, invitations_of, standing_of
from shipworthy.store.errors import MissingBlobError
from tests.support.graded import Finisher
from tests.support.houses import fresh_house, make_organisation
from tests.support.postings import LLM


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_house(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="module")
def finisher(house: House) -> Finisher:
    organisation, ann = make_organisation(house)
    author = Author(ann.id, ann.name)
    with house.database.unit_of_work(organisation.id) as work:
        role = keep_role(work, organisation.id, read_text(LLM), by=author)
        made = make_assessment(work, Wish(role.id, 1, ann.id, minutes=150), Shelf(house.catalogue), by=author)
        change_profile(work, role.id, [("needs.governance", "not_needed")], by=author, reason="Another team's.")
    return Finisher(house, made, ann.actor)


@pytest.fixture
def scorer(house: House) -> Scorer:
    return Scorer(house.blobs, house.catalogue, house.framework)


def version_of(finisher: Finisher, number: int) -> RoleVersion:
    with finisher.house.database.unit_of_work(finisher.assessment.organisation) as work:
        return version(work, finisher.assessment.role, number)


def standing(finisher: Finisher, *shares: float, stops: bool = False):  # type: ignore[no-untyped-def]
    (invitation,) = finisher.invite("Ana Sousa")
    if shares:
        finisher.finish(invitation, shares, stopped=stops)
    with finisher.house.database.unit_of_work(finisher.assessment.organisation) as work:
        return standing_of(work, invitation)


def test_a_card_is_bound_to_the_version_that_it_was_made_for(finisher: Finisher, scorer: Scorer) -> None:
    done = standing(finisher, 1.0, 1.0, 1.0)
    assert done.is_final
    first, second = version_of(finisher, 1), version_of(finisher, 2)
    cards = [scorer.card(done, one) for one in (first, second)]
    assert [card.role.context_id for card in cards if card and card.role] == [
        f"profile:{first.digest}",
        f"profile:{second.digest}",
    ]
    names = [{score.competency_id for score in card.competencies} for card in cards if card]
    assert names[0] - names[1] == {"governance"}
    assert scorer.card(done, first) is cards[0]


def test_better_work_gets_a_better_card(finisher: Finisher, scorer: Scorer) -> None:
    role = version_of(finisher, 1)
    good, weak = (scorer.card(standing(finisher, share, share, share), role) for share in (1.0, 0.1))
    assert good
    assert weak
    assert good.role
    assert weak.role
    assert good.role.probability > weak.role.probability
    pairs = [(better.score, worse.score) for better, worse in zip(good.competencies, weak.competencies, strict=True)]
    assert any(better is not None and worse is not None and better > worse for better, worse in pairs)


def test_nothing_graded_gives_no_card(finisher: Finisher, scorer: Scorer) -> None:
    begun = standing(finisher)
    assert not begun.is_final
    assert scorer.card(begun, version_of(finisher, 1)) is None


def test_a_stopped_grading_is_missing_and_leaves_the_card_open(finisher: Finisher, scorer: Scorer) -> None:
    role = version_of(finisher, 1)
    stuck = standing(finisher, 1.0, 1.0, stops=True)
    assert not stuck.is_final
    assert [one.is_stopped for one in stuck.tasks] == [False, True]
    card = scorer.card(stuck, role)
    alone = scorer.card(standing(finisher, 1.0), role)
    assert card
    assert alone
    assert [score.score for score in card.competencies] == [score.score for score in alone.competencies]
    with finisher.house.database.unit_of_work(finisher.assessment.organisation) as work:
        jobs = [job.session_task for job in stopped(work)]
        assert stuck.invitation in invitations_of(work, jobs).values()


def test_evidence_that_is_gone_is_a_clear_fault(finisher: Finisher, scorer: Scorer) -> None:
    done = standing(finisher, 1.0)
    job = replace(done.tasks[0].job, bundle="e" * 64) if done.tasks[0].job else None
    lost = replace(done, tasks=(replace(done.tasks[0], job=job),))
    with pytest.raises(MissingBlobError):
        scorer.card(lost, version_of(finisher, 1))
