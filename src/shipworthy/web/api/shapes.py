"""What goes in and out, with the words and examples that the description of the interface shows."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shipworthy.delivery.assessments.candidate_list import CandidateLine
from shipworthy.delivery.assessments.entities import Assessment
from shipworthy.delivery.entities import Candidate, Invitation, InvitationState
from shipworthy.framework import RequirementLevel
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.kept.entities import KeptRole
from shipworthy.scoring.candidates import CandidateStanding

ROLE = "0b6f2f2e-3a44-4a6e-9a59-0a6f3a1c7d10"
ASSESSMENT = "9d4b3c1a-52c7-4f0e-8f43-6d1b2a7c9e21"
INVITATION = "c1a7e0d2-7b1f-4a0c-b4a3-3a5d2e8f6b32"
CANDIDATE = "e7f1c3b4-1d2e-4f5a-8b6c-7d8e9f0a1b43"

Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]


class Shape(BaseModel):
    """Something that is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Shape):
    """One page of a list."""

    next: str | None = Field(description="The cursor of the next page, null on the last one.", examples=[None])


class RoleShape(Shape):
    """A role that is hired for."""

    id: UUID = Field(examples=[ROLE])
    title: str = Field(examples=["Machine learning engineer"])
    version: int = Field(description="The newest version of its profile, counted from 1.", examples=[1])
    created_at: datetime
    archived_at: datetime | None = Field(description="Set while it is put away.", examples=[None])

    @classmethod
    def of(cls, role: KeptRole) -> Self:
        """Return the shape of a role."""
        return cls(
            id=role.id,
            title=role.title,
            version=role.version,
            created_at=role.created_at,
            archived_at=role.archived_at,
        )


class RolePage(Page):
    """Some roles, the newest first."""

    items: list[RoleShape]


class NeedShape(Shape):
    """What a role needs of one competency."""

    competency: str = Field(examples=["mlops_deployment"])
    level: RequirementLevel


class RoleInFull(RoleShape):
    """A role with what the newest version of its profile says."""

    context: str | None = Field(
        description="The role context, null where the description does not say.", examples=["classical_ml"]
    )
    minutes: int = Field(description="The most time that a candidate may be asked for.", examples=[180])
    needs: list[NeedShape]

    @classmethod
    def with_profile(cls, role: KeptRole, profile: RoleProfile) -> Self:
        """Return the shape of a role with its profile."""
        plain = RoleShape.of(role).model_dump()
        needs = [NeedShape(competency=name, level=need) for name, need in profile.needs.items()]
        return cls(**plain, context=profile.primary_context, minutes=profile.minutes, needs=needs)


class RoleToScope(Shape):
    """A job description to scope a role from."""

    description: str = Field(
        min_length=1,
        max_length=200_000,
        description="The job description: plain text, Markdown or HTML, in English.",
        examples=["# Machine learning engineer\n\nYou train and deploy models with scikit-learn.\n"],
    )
    minutes: int = Field(
        default=180, ge=1, le=1440, description="The most time that a candidate may be asked for.", examples=[180]
    )


class AssessmentTaskShape(Shape):
    """One task of an assessment, pinned to a version."""

    task: str = Field(examples=["churn-model"])
    version: str = Field(examples=["1.0.0"])
    minutes: float = Field(examples=[40])


class AssessmentShape(Shape):
    """What candidates for a role are asked to do."""

    id: UUID = Field(examples=[ASSESSMENT])
    role: UUID = Field(examples=[ROLE])
    role_version: int = Field(examples=[1])
    title: str
    tasks: list[AssessmentTaskShape]
    valid_days: int = Field(description="How long an invitation holds.", examples=[14])
    created_at: datetime
    closed_at: datetime | None = Field(description="Set when nobody can be invited any more.", examples=[None])

    @classmethod
    def of(cls, found: Assessment) -> Self:
        """Return the shape of an assessment."""
        return cls(
            id=found.id,
            role=found.role,
            role_version=found.role_version,
            title=found.title,
            tasks=[
                AssessmentTaskShape(task=task.task_id, version=task.version, minutes=task.minutes)
                for task in found.tasks
            ],
            valid_days=found.valid_days,
            created_at=found.created_at,
            closed_at=found.closed_at,
        )


class AssessmentPage(Page):
    """Some assessments, the newest first."""

    items: list[AssessmentShape]


class CandidateShape(Shape):
    """Somebody who was invited."""

    id: UUID = Field(examples=[CANDIDATE])
    name: str = Field(examples=["Ada Lovelace"])
    email: str = Field(examples=["ada@example.org"])


class InvitationShape(Shape):
    """One candidate's invitation to one assessment."""

    id: UUID = Field(examples=[INVITATION])
    assessment: UUID = Field(examples=[ASSESSMENT])
    candidate: CandidateShape
    state: InvitationState
    invited_at: datetime
    expires_at: datetime
    reminded_at: datetime | None = Field(examples=[None])
    reminders: int = Field(examples=[0])

    @classmethod
    def of(cls, found: Invitation, candidate: Candidate) -> Self:
        """Return the shape of an invitation."""
        return cls(
            id=found.id,
            assessment=found.assessment,
            candidate=CandidateShape(id=candidate.id, name=candidate.name, email=candidate.email),
            state=found.state,
            invited_at=found.invited_at,
            expires_at=found.expires_at,
            reminded_at=found.reminded_at,
            reminders=found.reminders,
        )

    @classmethod
    def of_line(cls, assessment: UUID, line: CandidateLine) -> Self:
        """Return the shape of a line of a list."""
        return cls(
            id=line.invitation,
            assessment=assessment,
            candidate=CandidateShape(id=line.candidate, name=line.name, email=line.email),
            state=line.state,
            invited_at=line.invited_at,
            expires_at=line.expires_at,
            reminded_at=line.reminded_at,
            reminders=line.reminders,
        )


class InvitationPage(Page):
    """Some invitations, the newest first."""

    items: list[InvitationShape]


class GuestShape(Shape):
    """Somebody to invite."""

    name: Line = Field(default="", max_length=200, examples=["Ada Lovelace"])
    email: Line = Field(min_length=3, max_length=254, examples=["ada@example.org"])


class InvitationsToMake(Shape):
    """Whom to invite to an assessment."""

    candidates: list[GuestShape] = Field(min_length=1, max_length=500)
    expires_at: AwareDatetime | None = Field(
        default=None, description="When the invitations end; without it, after the days of the assessment."
    )


class RefusedGuest(Shape):
    """Somebody who was not invited, and why. `place` counts from 1."""

    place: int = Field(examples=[2])
    email: str
    reason: str = Field(examples=["Was invited to this assessment before."])


class InvitationsMade(Shape):
    """Who is invited now, and who is not."""

    invited: list[UUID] = Field(description="The ids of the new invitations.", examples=[[INVITATION]])
    refused: list[RefusedGuest]


class NewEnd(Shape):
    """A later end."""

    expires_at: AwareDatetime


class TaskStandingShape(Shape):
    """How far a candidate is with a task."""

    task: str = Field(examples=["churn-model"])
    version: str = Field(examples=["1.0.0"])
    state: str = Field(
        description="`waiting`, `running`, `handed_in`, `closed` or `withdrawn`.", examples=["handed_in"]
    )
    grading: str | None = Field(
        description="`waiting`, `running`, `done`, `stopped` (through our fault; an operator looks at it) or "
        "`cancelled`; null while nothing was handed in.",
        examples=["done"],
    )


class ScorecardShape(Shape):
    """What the evidence says about a candidate. A person decides, not this."""

    invitation: UUID = Field(examples=[INVITATION])
    role: UUID = Field(examples=[ROLE])
    role_version: int = Field(description="The version of the profile that the evidence is held against.", examples=[1])
    final: bool = Field(description="Whether every task is over and graded.", examples=[True])
    tasks: list[TaskStandingShape]
    scorecard: dict[str, Any] | None = Field(
        description="As `shipworthy scorecard --json` prints it: per competency the score with its interval, the "
        "verdict and its reasons. Null while nothing is graded."
    )

    @classmethod
    def of(cls, standing: CandidateStanding, assessment: Assessment, scorecard: dict[str, Any] | None) -> Self:
        """Return the shape of a candidate's scorecard."""
        return cls(
            invitation=standing.invitation,
            role=assessment.role,
            role_version=assessment.role_version,
            final=standing.is_final,
            tasks=[
                TaskStandingShape(
                    task=one.task.task_id,
                    version=one.task.task_version,
                    state=one.task.state.value,
                    grading=one.job.state.value if one.job else None,
                )
                for one in standing.tasks
            ],
            scorecard=scorecard,
        )
