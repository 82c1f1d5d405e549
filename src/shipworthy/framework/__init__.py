"""Competencies, role contexts and requirement levels: a versioned data file and its loader."""

from shipworthy.framework.entities import Competency, Framework, Method, RequirementLevel, RoleContext
from shipworthy.framework.errors import FrameworkFileError, UnknownNameError
from shipworthy.framework.loader import load_framework

__all__ = [
    "Competency",
    "Framework",
    "FrameworkFileError",
    "Method",
    "RequirementLevel",
    "RoleContext",
    "UnknownNameError",
    "load_framework",
]
