"""Competencies, role contexts, methods, and what each context requires."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from shipworthy.framework.errors import UnknownNameError


class RequirementLevel(StrEnum):
    """How much a role context asks for a competency."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    NOT_NEEDED = "not_needed"

    @property
    def letter(self) -> str:
        """The one-letter form used in tables: R, P or N."""
        return self.value[0].upper()


@dataclass(frozen=True)
class Competency:
    """One thing that is measured, described so that people outside engineering understand it."""

    id: str
    title: str
    description: str


@dataclass(frozen=True)
class RoleContext:
    """One of the kinds of position that must not be blended."""

    id: str
    title: str
    description: str


@dataclass(frozen=True)
class Method:
    """One way of assessing: what the candidate does and how it is judged."""

    id: str
    title: str
    description: str


@dataclass(frozen=True)
class Framework:
    """A version of the competency framework; `digest` is the SHA-256 of the file that it was read from."""

    version: str
    title: str
    digest: str
    role_contexts: tuple[RoleContext, ...]
    methods: tuple[Method, ...]
    competencies: tuple[Competency, ...]
    requirements: Mapping[tuple[str, str], RequirementLevel]

    @property
    def competency_ids(self) -> tuple[str, ...]:
        """The ids of all competencies, in the order of the file."""
        return tuple(entry.id for entry in self.competencies)

    @property
    def role_context_ids(self) -> tuple[str, ...]:
        """The ids of all role contexts, in the order of the file."""
        return tuple(entry.id for entry in self.role_contexts)

    @property
    def method_ids(self) -> tuple[str, ...]:
        """The ids of all methods, in the order of the file."""
        return tuple(entry.id for entry in self.methods)

    def competency(self, competency_id: str) -> Competency:
        """Return the competency with this id, else raise `UnknownNameError`."""
        return _find("competency", self.competencies, competency_id)

    def role_context(self, context_id: str) -> RoleContext:
        """Return the role context with this id, else raise `UnknownNameError`."""
        return _find("role context", self.role_contexts, context_id)

    def method(self, method_id: str) -> Method:
        """Return the method with this id, else raise `UnknownNameError`."""
        return _find("method", self.methods, method_id)

    def requirement(self, context_id: str, competency_id: str) -> RequirementLevel:
        """Return how much a role context asks for a competency, else raise `UnknownNameError`."""
        context = self.role_context(context_id)
        competency = self.competency(competency_id)
        return self.requirements[context.id, competency.id]

    def requirements_of(self, context_id: str) -> dict[str, RequirementLevel]:
        """Return every competency's level in one role context, in the order of the file."""
        return {entry.id: self.requirement(context_id, entry.id) for entry in self.competencies}


Entry = TypeVar("Entry", Competency, RoleContext, Method)


def _find(kind: str, entries: tuple[Entry, ...], name: str) -> Entry:
    for entry in entries:
        if entry.id == name:
            return entry
    raise UnknownNameError(kind, name, tuple(entry.id for entry in entries))
