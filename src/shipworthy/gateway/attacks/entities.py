"""What an attack is made of: a channel, an aim, a family, and the attack that a seed makes of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shipworthy.gateway.attacks.pen import Pen
from shipworthy.gateway.behaviours.payloads import Goal, Payload


class Channel(StrEnum):
    """Where text of strangers enters a program around a model."""

    MAIL_BODY = "mail_body"
    MAIL_SUBJECT = "mail_subject"
    ATTACHMENT = "attachment"
    CALENDAR_INVITE = "calendar_invite"
    CONTACT_NAME = "contact_name"
    TOOL_ERROR = "tool_error"
    DOCUMENT = "document"
    WEB_PAGE = "web_page"
    FILE_NAME = "file_name"
    CHAT_MESSAGE = "chat_message"
    MEMORY_NOTE = "memory_note"


LONG_CHANNELS = (
    Channel.MAIL_BODY,
    Channel.ATTACHMENT,
    Channel.CALENDAR_INVITE,
    Channel.DOCUMENT,
    Channel.WEB_PAGE,
    Channel.CHAT_MESSAGE,
)


class Risk(StrEnum):
    """The entries of the OWASP Top 10 for LLM applications (2025) that the families speak to."""

    PROMPT_INJECTION = "LLM01:2025 Prompt Injection"
    SENSITIVE_INFORMATION = "LLM02:2025 Sensitive Information Disclosure"
    POISONING = "LLM04:2025 Data and Model Poisoning"
    OUTPUT_HANDLING = "LLM05:2025 Improper Output Handling"
    EXCESSIVE_AGENCY = "LLM06:2025 Excessive Agency"
    PROMPT_LEAKAGE = "LLM07:2025 System Prompt Leakage"
    EMBEDDINGS = "LLM08:2025 Vector and Embedding Weaknesses"
    MISINFORMATION = "LLM09:2025 Misinformation"


@dataclass(frozen=True)
class Aim:
    """What an attacker is after.

    `instruction` is the order in plain words, without a capital and a full stop, and names the attacker's target.
    `translations` are the same order in other languages, by language code.
    """

    id: str
    instruction: str
    goal: Goal
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """A payload in plain words, and as it is written where it stands; with more payloads that hide in the same text."""

    plain: str
    written: str
    core: str
    goal: Goal
    later: tuple[tuple[str, Goal], ...] = ()


@dataclass(frozen=True)
class Family:
    """A way to attack. `held` families are for judging only: no public check and no starter may show them."""

    id: str
    tests: str
    risk: Risk
    channels: tuple[Channel, ...]
    word: Callable[[Pen, Aim], Wording]
    held: bool = False


@dataclass(frozen=True)
class Attack:
    """One attack: the text that arrives by a channel, and the payloads in it, to be registered with the worst case."""

    id: str
    family: str
    channel: Channel
    text: str
    payloads: tuple[Payload, ...]
