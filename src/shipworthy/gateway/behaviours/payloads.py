"""What an attacker wants a model to do, and the words that ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shipworthy.core.errors import BadInputError
from shipworthy.gateway.behaviours.plans import Step, Take


class UnreadablePayloadError(BadInputError):
    """A payload has too few letters to be told from ordinary text."""

    code = "unreadable_payload"


@dataclass(frozen=True)
class Goal:
    """What a payload is after: calls of tools, a sentence to say, or both.

    `steps` and `takes` are those of a plan; an argument that is nowhere to be found is left empty, for the attack goes
    on without it, and `say` may hold places too. `prefers` are the words that the attacker wants where an answer has
    to be one of a few, best first.
    """

    steps: tuple[Step, ...] = ()
    say: str = ""
    takes: Mapping[str, Take] = field(default_factory=dict)
    prefers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Payload:
    """A text that asks a model for something that its user did not ask for.

    `text` is the plain text, before any encoding. `cores` are its operative phrases: the model obeys when it can read
    the whole text or any core, so that taking a word out of the rest earns nothing.
    """

    id: str
    text: str
    goal: Goal
    cores: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return everything of which one suffices."""
        return (self.text, *self.cores)
