"""What a variant must keep to, so that nothing hidden reaches a candidate."""

from collections.abc import Mapping

from shipworthy.core.canonical import canonical_bytes
from shipworthy.tasks.entities import Variant
from shipworthy.tasks.fields import Inspection
from shipworthy.tasks.paths import path_fault

PROGRAM = "variant.py"
TELLING_BYTES = 24
"""Hidden content shorter than this is compared as a whole file only: a few bytes occur everywhere by chance."""

_PARTS = ("starter", "public", "hidden")


def inspect_variant(variant: object, package_files: Mapping[str, bytes], inspection: Inspection) -> None:
    """Note what is wrong with what `generate` returned.

    `package_files` are the files of the package that a candidate gets besides the variant's.
    """
    if not isinstance(variant, Variant):
        kind = type(variant).__name__
        inspection.add(PROGRAM, "generate", f"It returned {kind}, not a Variant.", "Return shipworthy.kit.Variant.")
        return
    before = len(inspection.findings)
    _inspect_parameters(variant.parameters, inspection)
    for part in _PARTS:
        _inspect_files(part, getattr(variant, part), inspection)
    if len(inspection.findings) == before:
        _inspect_separation(variant, package_files, inspection)


def _inspect_parameters(parameters: object, inspection: Inspection) -> None:
    if not isinstance(parameters, Mapping) or not all(
        isinstance(name, str) and name.isidentifier() for name in parameters
    ):
        inspection.add(PROGRAM, "parameters", "They are no mapping from names to values.", "Use names as in Python.")
        return
    for name, value in parameters.items():
        try:
            canonical_bytes(value)
        except (TypeError, ValueError) as fault:
            inspection.add(PROGRAM, f"parameters.{name}", f"No JSON can say it: {fault}.", "Use int(), float(), str().")


def _inspect_files(part: str, files: object, inspection: Inspection) -> None:
    if not isinstance(files, Mapping):
        inspection.add(PROGRAM, part, "It is no mapping from paths to bytes.", "Return a dict.")
        return
    for path, content in files.items():
        if not isinstance(path, str):
            inspection.add(PROGRAM, part, f"The path {path!r} is no text.", "Use a relative path.")
        elif fault := path_fault(path):
            inspection.add(PROGRAM, f"{part}.{path}", f"The path {fault}.", "Use a relative path.")
        if not isinstance(content, bytes):
            inspection.add(PROGRAM, f"{part}.{path}", "The content is not bytes.", "Encode it.")


def _inspect_separation(variant: Variant, package_files: Mapping[str, bytes], inspection: Inspection) -> None:
    visible = {**package_files, **variant.starter, **variant.public}
    parts = (package_files, variant.starter, variant.public)
    for path in visible:
        if sum(path in part for part in parts) > 1:
            inspection.add(PROGRAM, path, "The workspace would hold this file twice.", "Rename one of them.")
    for path, content in variant.hidden.items():
        if path in visible:
            inspection.add(PROGRAM, f"hidden.{path}", "A visible file has the same path.", "Rename one of them.")
        for shown, seen in visible.items():
            if content and (content == seen or (len(content) >= TELLING_BYTES and content in seen)):
                inspection.add(
                    PROGRAM, f"hidden.{path}", f"The visible file {shown} contains it.", "Keep hidden content hidden."
                )
