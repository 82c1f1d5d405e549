"""The companies that a pull request may come from: names, things and words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Skin:
    """What a pull request is about. The last of `segments` is the smallest; `partner` may be out of scope."""

    company: str
    old: str
    new: str
    item: str
    items: str
    customer: str
    prefix: str
    labels: tuple[str, ...]
    segment_word: str
    segments: tuple[str, ...]
    partner: str
    cuts: tuple[str, ...]


SKINS = (
    Skin(
        company="Halden Energy",
        old="triage-2",
        new="triage-3",
        item="message",
        items="messages",
        customer="household",
        prefix="M",
        labels=("billing", "outage", "moving", "tariff", "meter", "complaint"),
        segment_word="channel",
        segments=("mail", "web", "chat", "app", "letter"),
        partner="reseller",
        cuts=("2025-03-16", "2025-05-11", "2025-09-14"),
    ),
    Skin(
        company="Corvin Insurance",
        old="claimsort 1.8",
        new="claimsort 2.0",
        item="claim",
        items="claims",
        customer="policyholder",
        prefix="K",
        labels=("water", "fire", "theft", "glass", "liability", "storm"),
        segment_word="product line",
        segments=("home", "motor", "travel", "rental", "boat"),
        partner="fleet",
        cuts=("2025-02-09", "2025-06-15", "2025-10-05"),
    ),
    Skin(
        company="Odeon Market",
        old="shelf-a",
        new="shelf-b",
        item="listing",
        items="listings",
        customer="seller",
        prefix="L",
        labels=("garden", "toys", "kitchen", "sports", "books", "tools"),
        segment_word="country",
        segments=("de", "fr", "it", "es", "nl"),
        partner="uk",
        cuts=("2025-04-06", "2025-07-13", "2025-11-02"),
    ),
    Skin(
        company="Westmark Clinics",
        old="deskhelp 4",
        new="deskhelp 5",
        item="request",
        items="requests",
        customer="patient",
        prefix="R",
        labels=("appointment", "prescription", "invoice", "records", "referral", "results"),
        segment_word="site",
        segments=("north", "harbour", "campus", "hill", "island"),
        partner="airport",
        cuts=("2025-01-19", "2025-05-25", "2025-08-24"),
    ),
)
