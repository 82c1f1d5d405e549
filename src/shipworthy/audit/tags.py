"""What can be logged: `who:what:action`, with a meaning each."""

from enum import StrEnum


class Tag(StrEnum):
    """The kind of an event."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> "Tag":
        """Make a tag that knows what it means."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.meaning = meaning
        return made

    OWNER_ORGANISATION_CREATED = "owner:organisation:created", "The organisation was set up."
    OWNER_PERSON_ADDED = "owner:person:added", "Somebody got access to the organisation."
    OWNER_PERSON_REMOVED = "owner:person:removed", "Somebody's access to the organisation was taken away."
    OWNER_ACCESS_CHANGED = "owner:access:changed", "What somebody may see and do was changed."
    OWNER_PROVIDER_CHANGED = "owner:provider:changed", "Where people sign in, besides with a password, was changed."
    OWNER_TOKEN_MADE = "owner:token:made", "A program got a token to act for the organisation."
    OWNER_TOKEN_REVOKED = "owner:token:revoked", "A program's token was revoked."
    OWNER_WEBHOOK_ADDED = "owner:webhook:added", "An address was added that is told what happens."
    OWNER_WEBHOOK_SWITCHED_OFF = "owner:webhook:switched_off", "A webhook was switched off."
    OWNER_WEBHOOK_SWITCHED_ON = "owner:webhook:switched_on", "A webhook was switched on again."
    PERSON_PASSWORD_SET = "person:password:set", "Somebody set a new password; their other sign-ins ended."
    PERSON_LETTER_READ = "person:letter:read", "Somebody read a kept letter with a link or code that is another's."
    PERSON_SIGN_IN_DONE = "person:sign_in:done", "Somebody of the organisation signed in."
    PERSON_SIGN_IN_LOCKED = "person:sign_in:locked", "Too many wrong passwords: sign-in was locked for a while."
    MANAGER_ROLE_SCOPED = "manager:role:scoped", "A job description was scoped to a role."
    MANAGER_PROFILE_CHANGED = "manager:profile:changed", "The profile of a role got a new version."
    MANAGER_ROLE_ARCHIVED = "manager:role:archived", "A role was put away; its assessments and scorecards stay."
    MANAGER_ROLE_RESTORED = "manager:role:restored", "A role that was put away was brought back."
    MANAGER_ASSESSMENT_CONFIGURED = "manager:assessment:configured", "The tasks that a role asks for were chosen."
    MANAGER_ASSESSMENT_CLOSED = "manager:assessment:closed", "An assessment takes no new candidates any more."
    MANAGER_ASSESSMENT_REOPENED = "manager:assessment:reopened", "An assessment takes new candidates again."
    RECRUITER_CANDIDATE_INVITED = "recruiter:candidate:invited", "A candidate was invited to an assessment."
    RECRUITER_INVITATION_EXTENDED = "recruiter:invitation:extended", "An invitation got a later end."
    RECRUITER_INVITATION_CANCELLED = "recruiter:invitation:cancelled", "An invitation was taken back."
    RECRUITER_INVITATION_RESTORED = "recruiter:invitation:restored", "The cancellation of an invitation was undone."
    RECRUITER_CANDIDATE_REMINDED = "recruiter:candidate:reminded", "A candidate was reminded of an invitation."
    RECRUITER_ACCOMMODATION_GRANTED = (
        "recruiter:accommodation:granted",
        "A candidate got other conditions, such as time.",
    )
    CANDIDATE_CONSENT_GIVEN = "candidate:consent:given", "The candidate agreed to what is recorded."
    CANDIDATE_SESSION_STARTED = "candidate:session:started", "The candidate began the assessment."
    CANDIDATE_TASK_STARTED = "candidate:task:started", "The candidate began a task; its clock runs."
    CANDIDATE_SUBMISSION_HANDED_IN = "candidate:submission:handed_in", "The candidate handed a submission in."
    CANDIDATE_SESSION_WITHDRAWN = "candidate:session:withdrawn", "The candidate withdrew."
    HOUSE_INVITATION_ENDED = "house:invitation:ended", "An invitation passed its end."
    HOUSE_WEBHOOK_DISABLED = "house:webhook:disabled", "A webhook took nothing for a day and was switched off."
    HOUSE_TASK_CLOSED = "house:task:closed", "Time ran out, and what was saved last was handed in."
    WORKER_GRADING_DONE = "worker:grading:done", "A submission was graded."
    WORKER_GRADING_FAILED = "worker:grading:failed", "A grading failed through our fault and will be tried again."
    WORKER_GRADING_STOPPED = (
        "worker:grading:stopped",
        "A grading failed three times through our fault; an operator must look.",
    )
    OPERATOR_GRADING_RETRIED = "operator:grading:retried", "An operator had a stopped grading tried again."
    COMPLIANCE_LOG_EXPORTED = "compliance:log:exported", "The audit log was exported."
