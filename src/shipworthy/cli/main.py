"""The `shipworthy` command. Commands are imported when they are called, so that every one starts quickly."""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from shipworthy import __version__
from shipworthy.cli.errors import tell
from shipworthy.cli.exit_codes import ExitCode

EXITS = """Exit codes: 0 done; 1 done, and the answer is no; 2 bad input; 3 a check is missing through our fault;
4 a layer of the sandbox is missing; 5 Shipworthy failed; 130 interrupted."""

app = App(
    name="shipworthy",
    help="Vet AI engineers on the work that ships and maintains reliable systems.",
    help_epilogue=EXITS,
    version=__version__,
    help_format="markdown",
    suppress_keyboard_interrupt=False,
)
tasks = App(name="task", help="The catalogue of work samples: list, show, write a new one.")
sandbox = App(name="sandbox", help="The sandbox that candidates' programs run in.")
roles = App(name="role", help="Job descriptions: scope a role, change its profile, draw its blueprint.")
models = App(name="model", help="The models of a task, to try a program against.")
runtimes = App(name="runtime", help="The pinned environments that candidates' programs run in.")

organisations = App(name="organisation", help="Organisations: set one up, list them, where their people sign in.")
people = App(name="person", help="The people of an organisation: add one, or help one who gets no mail.")

app.command("shipworthy.cli.demo:demo", name="demo", help="Grade the references of every task and write a report.")
app.command(organisations)
organisations.command("shipworthy.cli.organisations:new_organisation", name="new", help="Set up an organisation.")
organisations.command("shipworthy.cli.organisations:list_organisations", name="list", help="List the organisations.")
organisations.command(
    "shipworthy.cli.organisations:set_provider", name="provider", help="Set where its people sign in."
)
app.command(people)
people.command("shipworthy.cli.organisations:new_person", name="add", help="Add a person, and print a welcome link.")
people.command("shipworthy.cli.organisations:link_for_person", name="link", help="Print a link for a new password.")
app.command("shipworthy.cli.demo_web:demo_web", name="demo-web", help="Serve the web with five graded candidates.")
app.command(roles)
roles.command("shipworthy.cli.roles:scope", name="scope", help="Scope a role from a job description.")
roles.command("shipworthy.cli.role_profiles:show_role", name="show", help="Show the profile of a role.")
roles.command("shipworthy.cli.role_profiles:change_role", name="change", help="Change a profile, with the reason.")
roles.command("shipworthy.cli.role_profiles:compare_roles", name="diff", help="Show what differs between two profiles.")
roles.command("shipworthy.cli.role_blueprints:blueprint", name="blueprint", help="Draw the blueprint of a role.")
app.command(tasks)
tasks.command("shipworthy.cli.tasks:list_tasks", name="list", help="List the tasks of the catalogue.")
tasks.command("shipworthy.cli.tasks:show", name="show", help="Show one task: brief, checks, limits, references.")
tasks.command("shipworthy.cli.tasks:reference", name="reference", help="Write a reference of a task into a folder.")
tasks.command("shipworthy.cli.tasks:new", name="new", help="Write a new, sound task package to start from.")
app.command("shipworthy.cli.processes:serve", name="serve", help="Serve the web application.")
app.command("shipworthy.cli.processes:worker", name="worker", help="Grade what is handed in, from the queue.")
app.command("shipworthy.cli.workspaces:start", name="start", help="Start a workspace for a candidate.")
app.command("shipworthy.cli.workspaces:check", name="check", help="Run a task's public checks on a workspace.")
app.command(models)
models.command("shipworthy.cli.models:serve_models", name="serve", help="Serve a task's public models to your program.")
app.command("shipworthy.cli.grading:grade", name="grade", help="Grade a submission: a folder or a zip.")
app.command("shipworthy.cli.grading:replay", name="replay", help="Judge recorded evidence again and compare the bytes.")
app.command("shipworthy.cli.scorecards:scorecard", name="scorecard", help="Make a scorecard from several gradings.")
app.command("shipworthy.cli.verifying:verify", name="verify", help="Prove that task packages measure something.")
app.command(sandbox)
sandbox.command("shipworthy.cli.machine:check_sandbox", name="check", help="Try every layer of the sandbox here.")
app.command(runtimes)
runtimes.command("shipworthy.cli.machine:build_runtime", name="build", help="Build a runtime.")
runtimes.command("shipworthy.cli.machine:list_runtimes", name="list", help="List the runtimes, built or not.")
app.command("shipworthy.cli.backups:backup", name="backup", help="Write database and blobs into one file.")
app.command("shipworthy.cli.backups:restore", name="restore", help="Bring back what a backup holds.")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors become words, never a traceback."""
    try:
        answer = app(list(arguments), result_action="return_value", exit_on_error=False, print_error=True)
    except CycloptsError:
        return ExitCode.BAD_INPUT
    except (Exception, KeyboardInterrupt) as error:
        return tell(error)
    return int(answer) if isinstance(answer, int) else ExitCode.DONE


def main() -> None:
    """Run the command of this process."""
    sys.exit(run(sys.argv[1:]))
