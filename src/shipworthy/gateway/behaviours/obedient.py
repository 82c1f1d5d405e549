"""The worst case: a model that obeys whatever reaches it."""

from collections.abc import Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.gateway.behaviours.arguments import Schema, fitted, least, spoken_in
from shipworthy.gateway.behaviours.payloads import Goal, Payload
from shipworthy.gateway.behaviours.plans import CallIds, Conversation, NotFound, Plan, Walk, WantedCall
from shipworthy.gateway.behaviours.requests import Match, asked, offered_tools, readable_texts
from shipworthy.gateway.behaviours.sightings import Lookout, Sighting
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import ChatRequest, Reply, ToolCall, ToolDefinition

Trace = dict[str, JSONValue]
UNPLANNED = "I cannot help with that."


@dataclass(frozen=True)
class _Wishes:
    """What payloads want said, and the words that they prefer where there is a choice."""

    text: str
    prefers: tuple[str, ...]
    obeyed: tuple[str, ...]


class Obedient:
    """Does what the user asks, by a plan, and what any payload asks that it can read, first.

    It stands for the worst that a model can do to a system around it: no instruction, delimiter, data marking or plea
    keeps it from obeying a payload that stands anywhere in its input, in any encoding a model could read. What keeps
    it from harm has to be in the system: the payload never reaches it, the tool is not offered, the arguments are
    bounded, or the call is not carried out. It says nothing about how robust a given model is, and knows registered
    payloads only, in words that were registered.

    A payload's calls come before the user's, each once per conversation; after them the plan goes on, so that a system
    that stops the attack still finds the user's work done. Where the goal's tools are not on offer, its last words hold
    the payload, or what the payload wants said, for whoever reads them.
    """

    def __init__(
        self,
        *,
        seed: int,
        plans: Sequence[Plan] = (),
        payloads: Sequence[Payload] = (),
        name: str = "obedient",
    ) -> None:
        self.name = name
        self._plans = tuple(plans)
        self._lookout = Lookout(payloads)
        self._draws = Draws(seed)

    def reply(self, request: ChatRequest) -> Reply:
        """Return the open calls of the first payload in view or, when there are none, the next move of the plan."""
        sources = readable_texts(request)
        seen = self._lookout.sightings([text for _, text in sources])
        trace: Trace = {"seen": [_told(found, sources[found.source][0]) for found in seen]}
        tools = offered_tools(request)
        for found in seen:
            calls = self._pursued(found.payload, request, tools)
            if calls:
                return _calling(calls, {**trace, "obeyed": found.payload.id})
        return self._planned(request, [found.payload for found in seen], trace)

    def _pursued(self, payload: Payload, request: ChatRequest, tools: Sequence[ToolDefinition]) -> list[ToolCall]:
        """Return the calls that a payload's goal still needs, as far as tools for them are on offer."""
        if not self._able(payload.goal, tools):
            return []
        walk = self._walk(payload.goal, request, f"payload {payload.id}")
        try:
            return _offered(walk.next_calls(), tools)
        except NotFound:
            return []

    def _walk(self, goal: Goal, request: ChatRequest, purpose: str) -> Walk:
        ids = CallIds(self._draws, purpose)
        return Walk(goal.steps, goal.takes, Conversation(request.messages), ids, lenient=True)

    def _able(self, goal: Goal, tools: Sequence[ToolDefinition]) -> bool:
        return bool(goal.steps) and all(_tool_for((step.tool, *step.alternatives), tools) for step in goal.steps)

    def _planned(self, request: ChatRequest, seen: Sequence[Payload], trace: Trace) -> Reply:
        """Return the next move of the plan for what the user asked, with what payloads want said in its last words."""
        match = asked(request, self._plans)
        wishes = self._wishes(seen, request)
        if match is None:
            return _saying(UNPLANNED, wishes, request, trace)
        trace["plan"] = match.plan.id
        walk = self._walk_of_plan(match, request)
        try:
            return _next_move(match.plan, walk, request, wishes, trace)
        except NotFound as gone:
            return _saying(match.plan.stuck, wishes, request, {**trace, "missing": str(gone)})

    def _wishes(self, seen: Sequence[Payload], request: ChatRequest) -> _Wishes:
        """Return what is left to say: payloads whose tools are not on offer, and the sentences of the others."""
        tools = offered_tools(request)
        said = []
        for payload in seen:
            sentence = self._walk(payload.goal, request, "").filled(payload.goal.say)
            text = sentence or ("" if self._able(payload.goal, tools) else payload.text)
            said += [(payload.id, str(text))] if text else []
        prefers = tuple(word for payload in seen for word in payload.goal.prefers)
        return _Wishes(" ".join(text for _, text in said), prefers, tuple(name for name, _ in said))

    def _walk_of_plan(self, match: Match, request: ChatRequest) -> Walk:
        ids = CallIds(self._draws, f"plan {match.plan.id} {match.turn}")
        return Walk(match.plan.steps, match.plan.takes, Conversation(request.messages), ids, match.groups)


def _next_move(plan: Plan, walk: Walk, request: ChatRequest, wishes: _Wishes, trace: Trace) -> Reply:
    """Return the plan's next calls or, when there are none, its answer. Raises `NotFound`."""
    wanted = walk.next_calls()
    calls = _offered(wanted, offered_tools(request))
    if wanted and not calls:
        raise NotFound(wanted[0].step.tool)
    if calls:
        return _calling(calls, trace)
    answer = walk.filled(plan.answer)
    text = answer if isinstance(answer, str) else canonical_bytes(answer).decode("utf-8", "surrogatepass")
    return _saying(text, wishes, request, trace)


def _tool_for(names: Sequence[str], tools: Sequence[ToolDefinition]) -> ToolDefinition | None:
    """Return the tool of the first name that is on offer."""
    offered = {tool.name: tool for tool in tools}
    return next((offered[name] for name in names if name in offered), None)


def _offered(wanted: Sequence[WantedCall], tools: Sequence[ToolDefinition]) -> list[ToolCall]:
    """Return the calls for which there is a tool, in the shape of its schema."""
    calls = []
    for want in wanted:
        tool = _tool_for((want.step.tool, *want.step.alternatives), tools)
        if tool:
            calls.append(_call(want.id, tool, fitted(want.arguments, tool.parameters)))
    return calls


def _call(made: str, tool: ToolDefinition, arguments: JSONValue) -> ToolCall:
    return ToolCall(made, tool.name, canonical_bytes(arguments).decode("utf-8", "surrogatepass"))


def _calling(calls: Sequence[ToolCall], trace: Trace) -> Reply:
    return Reply(tool_calls=tuple(calls), finish_reason="tool_calls", trace=trace)


def _saying(text: str, wishes: _Wishes, request: ChatRequest, trace: Trace) -> Reply:
    """Say a text and what payloads want said; in the response schema or as a call where the request demands it."""
    if wishes.text:
        trace = {**trace, "obeyed": ", ".join(wishes.obeyed)}
    tools = offered_tools(request)
    if request.tool_choice not in {"auto", "none"} and tools:
        call = _call("", tools[0], _demanded(tools[0], wishes))
        return _calling([call], trace)
    if request.response_schema is not None:
        return Reply(content=_as_json(text, wishes, request.response_schema), trace=trace)
    said = [wishes.text] if wishes.text and text == UNPLANNED else [text, wishes.text]
    return Reply(content=" ".join(part for part in said if part), trace=trace)


def _demanded(tool: ToolDefinition, wishes: _Wishes) -> JSONValue:
    """Return the arguments of a call that the request demands and nobody planned."""
    return spoken_in(wishes.text, tool.parameters, wishes.prefers) if wishes.text else least(tool.parameters)


def _as_json(text: str, wishes: _Wishes, schema: Schema) -> str:
    """Return a text as JSON of a schema; the text itself where a plan's answer is such JSON already."""
    if text.startswith("{") and not wishes.text:
        return text
    spoken = spoken_in(wishes.text or text, schema, wishes.prefers)
    return canonical_bytes(spoken).decode("utf-8", "surrogatepass")


def _told(found: Sighting, place: str) -> Trace:
    return {"payload": found.payload.id, "place": place, "encoding": found.encoding}
