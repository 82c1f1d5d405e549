"""Spells a variant as bytes, and reads it back."""

import base64
import binascii
import json
from collections.abc import Mapping

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.tasks.entities import Variant

_PARTS = ("starter", "public", "hidden")


def spell_variant(variant: Variant) -> bytes:
    """Spell a variant as canonical JSON, files in base 64."""
    parts: dict[str, JSONValue] = {part: _spelled(getattr(variant, part)) for part in _PARTS}
    return canonical_bytes({"parameters": dict(variant.parameters), **parts})


def read_variant(spelled: bytes) -> Variant:
    """Read what `spell_variant` wrote. Raises `ValueError` for anything else."""
    try:
        values = json.loads(spelled)
        parts = {part: _read(values[part]) for part in _PARTS}
        return Variant(parameters=dict(values["parameters"]), **parts)
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, RecursionError, binascii.Error) as fault:
        raise ValueError("This is no spelled variant.") from fault


def _spelled(files: Mapping[str, bytes]) -> dict[str, JSONValue]:
    return {path: base64.b64encode(content).decode() for path, content in files.items()}


def _read(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: base64.b64decode(content, validate=True) for path, content in files.items()}
