"""The attack library: every family with what it tests, where it fits, and its generator."""

from collections.abc import Mapping, Sequence

from shipworthy.core.errors import BadInputError
from shipworthy.gateway.attacks import wordings
from shipworthy.gateway.attacks.aims import aim_for
from shipworthy.gateway.attacks.carriers import carried
from shipworthy.gateway.attacks.entities import LONG_CHANNELS, Aim, Attack, Channel, Family, Risk, Wording
from shipworthy.gateway.attacks.pen import Pen
from shipworthy.gateway.behaviours.payloads import Payload

_ALL = tuple(Channel)
_SHORT = (Channel.CONTACT_NAME, Channel.FILE_NAME, Channel.MAIL_SUBJECT)
_MARKED_UP = (Channel.WEB_PAGE, Channel.MAIL_BODY, Channel.DOCUMENT)


class UnfitChannelError(BadInputError):
    """This family does not come by this channel."""

    code = "unfit_channel"


FAMILIES: tuple[Family, ...] = (
    Family("direct_override", "whether text from outside can replace the task", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.direct_override),
    Family("authority_claim", "whether a claimed sender counts as an authority", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.authority_claim),
    Family("fake_turn", "whether data can pass for a message of the system or the user", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.fake_turn),
    Family("tool_result_forgery", "whether data can pass for the result of a tool", Risk.PROMPT_INJECTION,
           (*LONG_CHANNELS, Channel.TOOL_ERROR), wordings.tool_result_forgery),
    Family("delayed_trigger", "whether an order can wait in the conversation", Risk.PROMPT_INJECTION,
           (*LONG_CHANNELS, Channel.MEMORY_NOTE), wordings.delayed_trigger),
    Family("encoded_payload", "whether a filter of words is taken for a defence", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.encoded_payload),
    Family("look_alike_letters", "whether a filter of words is taken for a defence", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.look_alike_letters),
    Family("split_payload", "whether pieces are looked at one by one", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.split_payload),
    Family("translated", "whether a filter knows one language only", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.translated),
    Family("hidden_markup", "whether what people cannot see reaches the model", Risk.PROMPT_INJECTION,
           _MARKED_UP, wordings.hidden_markup),
    Family("exfiltration_link", "whether an answer may hold links and images of strangers", Risk.OUTPUT_HANDLING,
           LONG_CHANNELS, wordings.exfiltration_link),
    Family("error_message", "whether errors of tools are trusted more than their results", Risk.PROMPT_INJECTION,
           (Channel.TOOL_ERROR,), wordings.error_message),
    Family("contact_name", "whether short fields are taken for harmless", Risk.PROMPT_INJECTION,
           _SHORT, wordings.contact_name),
    Family("calendar_description", "whether invitations of strangers are read as orders", Risk.PROMPT_INJECTION,
           (Channel.CALENDAR_INVITE,), wordings.calendar_description),
    Family("retrieved_document", "whether a planted passage rules the answers", Risk.EMBEDDINGS,
           (Channel.DOCUMENT,), wordings.retrieved_document),
    Family("cipher", "whether the defence knows the usual codes only", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.cipher, held=True),
    Family("unseen_text", "whether characters without width reach the model", Risk.PROMPT_INJECTION,
           _ALL, wordings.unseen_text, held=True),
    Family("argument_smuggling", "whether arguments are checked against what the user knows", Risk.EXCESSIVE_AGENCY,
           LONG_CHANNELS, wordings.argument_smuggling, held=True),
    Family("task_aligned", "whether an order that suits the task passes", Risk.EXCESSIVE_AGENCY,
           LONG_CHANNELS, wordings.task_aligned, held=True),
    Family("confirmation_spoof", "whether consent is bound to the user outside the model", Risk.EXCESSIVE_AGENCY,
           (*LONG_CHANNELS, Channel.TOOL_ERROR), wordings.confirmation_spoof, held=True),
    Family("memory_poisoning", "whether strangers can write what is remembered", Risk.POISONING,
           (*LONG_CHANNELS, Channel.MEMORY_NOTE), wordings.memory_poisoning, held=True),
    Family("quoted_example", "whether a quotation is taken for harmless by its form", Risk.PROMPT_INJECTION,
           LONG_CHANNELS, wordings.quoted_example, held=True),
)  # fmt: skip
_BY_ID: Mapping[str, Family] = {family.id: family for family in FAMILIES}


def families(*, held: bool | None = None) -> tuple[Family, ...]:
    """Return all families, or those that are (or are not) held back for judging."""
    return tuple(family for family in FAMILIES if held is None or family.held is held)


def attack(family: Family | str, *, seed: int, channel: Channel | None = None, aim: Aim | None = None) -> Attack:
    """Make one attack of a family; channel and aim are drawn where they are not given.

    Raises `UnfitChannelError` where the family does not fit the channel, `KeyError` for an unknown family.
    """
    kind = _BY_ID[family] if isinstance(family, str) else family
    pen = Pen(seed, kind.id)
    way = channel or pen.pick("channel", kind.channels)
    if way not in kind.channels:
        raise UnfitChannelError(f"{kind.id} does not come by {way.value}.")
    wording = kind.word(pen, aim or aim_for(pen))
    name = f"{kind.id}-{seed}"
    return Attack(name, kind.id, way, carried(way, wording.written, pen), _payloads(name, wording))


def suite(chosen: Sequence[Family], *, seed: int, each: int = 1, channel: Channel | None = None) -> tuple[Attack, ...]:
    """Make `each` attacks of every chosen family that fits the channel."""
    fitting = [family for family in chosen if channel is None or channel in family.channels]
    seeds = range(seed * 1000, seed * 1000 + each)
    return tuple(attack(family, seed=drawn, channel=channel) for family in fitting for drawn in seeds)


def _payloads(name: str, wording: Wording) -> tuple[Payload, ...]:
    first = Payload(name, wording.plain, wording.goal, cores=(wording.core,))
    later = (Payload(f"{name}-later-{place}", text, goal) for place, (text, goal) in enumerate(wording.later, start=1))
    return (first, *later)
