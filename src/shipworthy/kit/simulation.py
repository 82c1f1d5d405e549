"""What task authors need of simulated production: scenarios, runs, policies, outcomes, timelines and references."""

from shipworthy.simulator.actions import Action, Refusal, action_to_json, actions_from_json
from shipworthy.simulator.comparison import REFERENCES, Position, position_of, total_loss
from shipworthy.simulator.exercises import ActionKind, Exercise, exercise_of
from shipworthy.simulator.faults import Fault
from shipworthy.simulator.outcomes import Outcomes, outcomes_of
from shipworthy.simulator.play import Played, Policy, PolicyMaker, play
from shipworthy.simulator.readings import Reading
from shipworthy.simulator.run import Run
from shipworthy.simulator.scenario import Scenario
from shipworthy.simulator.scenarios import kinds, scenario, scenarios
from shipworthy.simulator.timeline import Band, Mark, Series, Timeline, timeline_of
from shipworthy.simulator.view import InputReading, VersionView, View

__all__ = [
    "REFERENCES",
    "Action",
    "ActionKind",
    "Band",
    "Exercise",
    "Fault",
    "InputReading",
    "Mark",
    "Outcomes",
    "Played",
    "Policy",
    "PolicyMaker",
    "Position",
    "Reading",
    "Refusal",
    "Run",
    "Scenario",
    "Series",
    "Timeline",
    "VersionView",
    "View",
    "action_to_json",
    "actions_from_json",
    "exercise_of",
    "kinds",
    "outcomes_of",
    "play",
    "position_of",
    "scenario",
    "scenarios",
    "timeline_of",
    "total_loss",
]
