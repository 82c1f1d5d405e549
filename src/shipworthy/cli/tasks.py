"""Commands about task packages."""

from pathlib import Path

from rich.markdown import Markdown

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.screen import print_json, screen, table
from shipworthy.cli.workspaces import known_seed
from shipworthy.core.errors import BadInputError
from shipworthy.core.settings import read_settings
from shipworthy.tasks.entities import Manifest, Method, Task
from shipworthy.tasks.fields import suggestion
from shipworthy.tasks.loading import load_task
from shipworthy.tasks.manifest import MANIFEST
from shipworthy.tasks.reference_submissions import ReferenceSubmissions
from shipworthy.tasks.scaffold import scaffold


def list_tasks(*, json: bool = False) -> int:
    """List the tasks of the catalogue.

    Example: `shipworthy task list`

    Parameters
    ----------
    json
        Print the list as JSON.
    """
    catalogue = bootstrap.open_catalogue(read_settings())
    entries = catalogue.entries()
    if json:
        print_json([_entry(entry.manifest) for entry in entries if entry.manifest])
        return ExitCode.DONE
    if not entries:
        screen.print(f"No tasks in {catalogue.folder}. Write one with: shipworthy task new FOLDER")
        return ExitCode.DONE
    shown = table("Task", "Title", "Method", "Minutes", "Competencies", "Version")
    for entry in entries:
        if entry.manifest is None:
            words = f"[red]{len(entry.findings)} findings; see: shipworthy verify {entry.folder.name}[/]"
            shown.add_row(entry.folder.name, words, "", "", "", "")
            continue
        manifest = entry.manifest
        names = ", ".join(manifest.competencies)
        shown.add_row(manifest.id, manifest.title, manifest.method, str(manifest.minutes), names, manifest.version)
    screen.print(shown)
    return ExitCode.DONE


def _entry(manifest: Manifest) -> dict[str, str | int | dict[str, float] | list[str]]:
    return {
        "id": manifest.id,
        "title": manifest.title,
        "method": manifest.method.value,
        "minutes": manifest.minutes,
        "version": manifest.version,
        "competencies": dict(manifest.competencies),
        "role_contexts": list(manifest.role_contexts),
    }


def show(task: str, *, json: bool = False) -> int:
    """Show one task: its brief, its checks, its limits and its references.

    Example: `shipworthy task show churn-model`

    Parameters
    ----------
    task
        The task's id.
    json
        Print the task as JSON.
    """
    loaded = bootstrap.open_catalogue(read_settings()).load(task)
    if json:
        print_json({**_entry(loaded.manifest), "digest": loaded.digest, "brief": loaded.brief})
        return ExitCode.DONE
    _show(loaded)
    return ExitCode.DONE


def _show(task: Task) -> None:
    manifest = task.manifest
    screen.print(f"[bold]{manifest.title}[/] ({manifest.id} {manifest.version})")
    screen.print(manifest.summary)
    screen.print(f"{manifest.method}, {manifest.minutes} minutes, AI use: {manifest.ai_use.rule.replace('_', ' ')}\n")
    total = sum(check.weight for check in manifest.checks)
    checks = table("Check", "What it looks at", "Share", title="Checks")
    for check in manifest.checks:
        checks.add_row(check.id, check.sentence, f"{check.weight / total:.0%}")
    screen.print(checks)
    references = table("Submission", "Expected score", "Why", title="Reference submissions and attacks")
    for reference in task.references:
        references.add_row(reference.id, f"{reference.overall.low:g} to {reference.overall.high:g}", reference.why)
    for attack in task.attacks:
        references.add_row(f"attack: {attack.id}", f"not above {attack.baseline}", attack.why)
    screen.print(references)
    screen.print("[bold]Brief[/]\n")
    screen.print(Markdown(task.brief))


def reference(task: str, name: str, folder: Path, *, seed: int = 1) -> int:
    """Write a reference or an attack of a task into a folder, as it is for one variant, to grade it by hand.

    Example: `shipworthy task reference churn-model naive work/naive`

    Parameters
    ----------
    task
        The task's id, or the folder of a package.
    name
        The reference or attack, as `shipworthy task show` lists it.
    folder
        The folder to write; it must not exist, or be empty.
    seed
        For which variant, where the submission depends on it.
    """
    place = Path(task)
    catalogue = bootstrap.open_catalogue(read_settings())
    loaded = load_task(place) if (place / MANIFEST).is_file() else catalogue.load(task)
    known = [one.id for one in loaded.references] + [one.id for one in loaded.attacks]
    if name not in known:
        raise BadInputError(f"{task} has no reference or attack {name!r}.", remedy=suggestion(name, known))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInputError(f"{folder} is there already.", remedy="Name a folder that is not there yet, or is empty.")
    files = ReferenceSubmissions(loaded).of(name, known_seed(seed)).files
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)
    screen.print(f"[green]✓[/] Wrote {len(files)} files to {folder}. Grade them with:", soft_wrap=True)
    screen.print(f"  shipworthy grade {folder} --task {loaded.manifest.id} --seed {seed}", soft_wrap=True)
    return ExitCode.DONE


def new(folder: Path, *, method: Method = Method.CODING, title: str = "", author: str = "") -> int:
    """Write a new task package that verifies green, to change into your own.

    Example: `shipworthy task new catalogue/coding/order-totals --author "Ada Byron"`

    Parameters
    ----------
    folder
        The folder to write; its name becomes the task's id.
    method
        How the task assesses.
    title
        The task's title for people.
    author
        Who writes it.
    """
    written = scaffold(folder, method=method, title=title, author=author)
    screen.print(f"[green]✓[/] Wrote {len(written)} files to {folder}.", soft_wrap=True)
    screen.print("Now change brief.md, then variant.py and judge.py, and prove the package with:")
    screen.print(f"  shipworthy verify {folder}", soft_wrap=True)
    return ExitCode.DONE
