"""What task authors need of the model gateway: models, their behaviours, the attack library, an interval for shares."""

from shipworthy.gateway.attacks.benign import KINDS, LookAlike, look_alike, look_alikes
from shipworthy.gateway.attacks.entities import Aim, Attack, Channel, Family, Risk
from shipworthy.gateway.attacks.families import FAMILIES, attack, families, suite
from shipworthy.gateway.behaviours.answers import KnownAnswer, TableOfAnswers
from shipworthy.gateway.behaviours.biased_judge import BiasedJudge, Biases, JudgedAnswer, Scale
from shipworthy.gateway.behaviours.extractive import Extractive
from shipworthy.gateway.behaviours.live import Live
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.behaviours.payloads import Goal, Payload
from shipworthy.gateway.behaviours.plans import Plan, Step, Take
from shipworthy.gateway.behaviours.sightings import Lookout
from shipworthy.gateway.behaviours.unreliable import Damage, Rates, Unreliable
from shipworthy.gateway.budgets import Price
from shipworthy.gateway.entities import Behaviour, Budget, ChatRequest, Fault, FaultKind, Message, Reply, ToolCall
from shipworthy.gateway.models import ChatModel, EmbeddingModel
from shipworthy.measurement.proportions import wilson_interval

__all__ = [
    "FAMILIES",
    "KINDS",
    "Aim",
    "Attack",
    "Behaviour",
    "BiasedJudge",
    "Biases",
    "Budget",
    "Channel",
    "ChatModel",
    "ChatRequest",
    "Damage",
    "EmbeddingModel",
    "Extractive",
    "Family",
    "Fault",
    "FaultKind",
    "Goal",
    "JudgedAnswer",
    "KnownAnswer",
    "Live",
    "LookAlike",
    "Lookout",
    "Message",
    "Obedient",
    "Payload",
    "Plan",
    "Price",
    "Rates",
    "Reply",
    "Risk",
    "Scale",
    "Step",
    "TableOfAnswers",
    "Take",
    "ToolCall",
    "Unreliable",
    "attack",
    "families",
    "look_alike",
    "look_alikes",
    "suite",
    "wilson_interval",
]
