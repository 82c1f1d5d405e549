"""Commands about this machine: the sandbox's layers and the runtimes."""

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import mark, print_json, progress_bar, screen, table
from shipworthy.core.canonical import JSONValue
from shipworthy.core.settings import read_settings


def check_sandbox(*, json: bool = False) -> int:
    """Try every layer of the sandbox on this machine.

    Grading is refused while a layer is missing, unless it is allowed by name with `--allow-missing`.

    Example: `shipworthy sandbox check`

    Parameters
    ----------
    json
        Print the layers as JSON.
    """
    with progress_bar("Trying the sandbox's layers"):
        reports = bootstrap.try_layers(read_settings())
    if json:
        print_json([dict(vars(report)) for report in reports])
    else:
        shown = table("Layer", "Verdict", "What it does", "What was seen", title="Sandbox layers on this machine")
        for report in reports:
            shown.add_row(
                report.layer,
                mark("holds" if report.holds else "fails"),
                report.purpose,
                report.detail if report.holds else f"{report.detail} {report.remedy}",
            )
        screen.print(shown)
    held = sum(report.holds for report in reports)
    if not json:
        screen.print(f"{held} of {len(reports)} layers hold.")
    return ExitCode.DONE if held == len(reports) else ExitCode.LAYER_MISSING


def build_runtime(runtime: str = "python-ml", *, allow_missing: list[str] | None = None, json: bool = False) -> int:
    """Build a runtime, and import its packages inside the sandbox.

    The second time takes milliseconds.

    Example: `shipworthy runtime build python-ml`

    Parameters
    ----------
    runtime
        Which runtime.
    allow_missing
        A layer of the sandbox that may be missing while its imports are tried; can be given several times.
    json
        Print what was built as JSON.
    """
    settings = read_settings()
    with progress_bar(f"Building {runtime}") as bar:
        built = bootstrap.ready_runtime(settings, runtime, allowed_missing=allow_missing or [], say=bar.say)
    facts: dict[str, JSONValue] = {
        "id": built.id,
        "folder": str(built.root),
        "digest": built.digest,
        "python": built.python_version,
        "megabytes": round(built.size_bytes / 1e6),
    }
    if json:
        print_json(facts)
    else:
        screen.print(
            f"[green]✓[/] {built.id}: Python {built.python_version}, {facts['megabytes']} MB, {built.digest[:12]}"
        )
        screen.print(f"  {built.root}", soft_wrap=True)
    return ExitCode.DONE


def list_runtimes(*, json: bool = False) -> int:
    """List the runtimes and whether they are built.

    Example: `shipworthy runtime list`

    Parameters
    ----------
    json
        Print the list as JSON.
    """
    settings = read_settings()
    found = {name: bootstrap.built_runtime(settings, name) for name in bootstrap.known_runtimes()}
    if json:
        print_json({name: built.digest if built else None for name, built in found.items()})
        return ExitCode.DONE
    shown = table("Runtime", "Built", "Digest")
    for name, built in found.items():
        told = ("yes", built.digest[:12]) if built else ("no", f"build it with: shipworthy runtime build {name}")
        shown.add_row(name, *told)
    screen.print(shown)
    return ExitCode.DONE
