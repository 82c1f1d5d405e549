"""What a hiring manager should look at before anybody is invited."""

from collections.abc import Iterator
from dataclasses import replace

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.cues import cues_in
from shipworthy.roles.entities import Caution, MentionLevel, Reading, RoleProfile
from shipworthy.roles.languages import languages_of
from shipworthy.roles.lexicon import Lexicon, Surroundings
from shipworthy.roles.phrases import outermost, words_of
from shipworthy.roles.stances import Stance
from shipworthy.roles.structure import Posting, texts_of

SHORT_POSTING = 60
"""Words under which a job description hardly says what the job is."""


def cautions_of(
    profile: RoleProfile, posting: Posting, reading: Reading, lexicon: Lexicon, framework: Framework
) -> RoleProfile:
    """Return the profile with its warnings, the gravest first."""
    found = (
        *_not_ai(profile),
        *_blend(profile, framework),
        *_protected(posting, lexicon),
        *context_cautions(profile, framework),
        *_thin(profile, posting),
        *_partly_unread(posting),
        *_instructions(posting, lexicon),
        *_refused(reading),
    )
    return replace(profile, warnings=found)


def _not_ai(profile: RoleProfile) -> tuple[Caution, ...]:
    if profile.ai_role:
        return ()
    advice = "Shipworthy assesses AI engineers. If this is one, say so in the title and in the duties."
    return (Caution("not_an_ai_role", f"This does not read like an AI engineering role. {profile.ai_because}", advice),)


def _blend(profile: RoleProfile, framework: Framework) -> tuple[Caution, ...]:
    if not profile.blended:
        return ()
    names = [framework.role_context(each).title for each in profile.blended_contexts]
    sentences = tuple(
        quote.sentence
        for line in profile.contexts
        if line.context_id in profile.blended_contexts
        for quote in line.quotes
    )
    what = f"One person is required to do the work of {len(names)} roles: {', '.join(names[:-1])} and {names[-1]}."
    advice = "Split it into separate roles, or drop or soften the lines that pull away from the main one."
    return (Caution("blended_role", what, advice, tuple(dict.fromkeys(sentences))),)


def _protected(posting: Posting, lexicon: Lexicon) -> tuple[Caution, ...]:
    found: dict[str, Caution] = {}
    known: dict[str, bool] = {}
    title = Surroundings(words_of(posting.title), (), posting.words, known)
    for text, around in ((posting.title, title), *_outside_fair_text(posting, lexicon, known)):
        for match in outermost(lexicon.protected.find(around)):
            words = text[around.sentence[match.start].start : around.sentence[match.end - 1].end]
            trait = match.owner.word("trait").replace("_", " ")
            what = f"“{words}” may ask for a protected trait ({trait})."
            found.setdefault(what, Caution("protected_trait", what, match.owner.word("advice"), (text,)))
    return tuple(found.values())


def _outside_fair_text(
    posting: Posting, lexicon: Lexicon, known: dict[str, bool]
) -> Iterator[tuple[str, Surroundings]]:
    """Yield the sentences that are not about equal opportunity: those name traits to protect them."""
    for sentence in posting.sentences:
        cues = cues_in(sentence.words, sentence.section.words, lexicon)
        fair = any(cue.says == Stance.EQUAL_OPPORTUNITY for cue in cues)
        if not fair and sentence.section.kind != "equal_opportunity":
            yield sentence.text, Surroundings(sentence.words, sentence.section.words, posting.words, known)


def context_cautions(profile: RoleProfile, framework: Framework) -> tuple[Caution, ...]:
    """Return the warnings that rest on the primary context: what it needs and what it does not."""
    return (*_forgotten(profile, framework), *_beyond(profile, framework))


def _forgotten(profile: RoleProfile, framework: Framework) -> tuple[Caution, ...]:
    """What the context needs and the text forgets."""
    if profile.primary_context is None:
        return ()
    missing = [
        line.title
        for line in profile.competencies
        if line.framework is RequirementLevel.REQUIRED and line.said is MentionLevel.NOT_MENTIONED
    ]
    if not missing:
        return ()
    context = framework.role_context(profile.primary_context).title
    what = f"The text does not mention what this kind of role ({context}) needs: {', '.join(missing)}."
    advice = "They are assessed unless you change that. Say in the posting that the work asks for them."
    return (Caution("forgotten", what, advice),)


def _beyond(profile: RoleProfile, framework: Framework) -> tuple[Caution, ...]:
    """What the text asks and the context does not need."""
    if profile.primary_context is None:
        return ()
    extra = [
        line
        for line in profile.competencies
        if line.framework is RequirementLevel.NOT_NEEDED and line.said is not MentionLevel.NOT_MENTIONED
    ]
    if not extra:
        return ()
    context = framework.role_context(profile.primary_context).title
    named = ", ".join(line.title for line in extra)
    what = f"The text asks for what this kind of role ({context}) does not need: {named}."
    advice = "Every further requirement makes the assessment longer and the field smaller: keep what the work needs."
    sentences = tuple(
        dict.fromkeys(quote.sentence for line in extra for quote in line.quotes if quote.sentence.strip())
    )
    return (Caution("beyond_the_context", what, advice, sentences),)


def _thin(profile: RoleProfile, posting: Posting) -> tuple[Caution, ...]:
    said = any(line.said is not MentionLevel.NOT_MENTIONED for line in profile.competencies)
    if said and len(posting.words) >= SHORT_POSTING:
        return ()
    what = "The text says little of what the job asks." if said else "The text names nothing that can be assessed."
    advice = "Add the duties of the job and what a candidate must bring; two lists of five lines are enough."
    return (Caution("thin_text", what, advice),)


def _refused(reading: Reading) -> tuple[Caution, ...]:
    if not reading.refused:
        return ()
    what = f"{len(reading.refused)} claim(s) of the reader plugged in were left out: the text does not bear them out."
    return (
        Caution("claims_refused", what, "Look at what the command answers: " + "; ".join(reading.refused[:5]) + "."),
    )


def _partly_unread(posting: Posting) -> tuple[Caution, ...]:
    languages = languages_of(texts_of(posting))
    if not languages.partly_unread:
        return ()
    names = " and ".join(languages.foreign[:2])
    what = f"About {languages.unread:.0%} of the text is in {names} and was not read."
    advice = "Only the English part counts. If the rest asks for more, give an English text of it too."
    return (Caution("partly_unread", what, advice),)


def _instructions(posting: Posting, lexicon: Lexicon) -> tuple[Caution, ...]:
    """Sentences that speak to a reading machine: nobody obeys them, but a person should know that they are there."""
    spoken = [(sentence.text, sentence.words, sentence.section.words) for sentence in posting.sentences]
    spoken += [(posting.blocks[place].text, words_of(posting.blocks[place].text), ()) for place in posting.headings]
    found = tuple(
        dict.fromkeys(
            text
            for text, words, heading in spoken
            if next(lexicon.machine_talk.find(Surroundings(words, heading, posting.words)), None) is not None
        )
    )
    if not found:
        return ()
    what = "The text speaks to a reading machine. Nothing that it says there was followed."
    advice = "Take these sentences out: they are of no use to people who apply, and other readers may obey them."
    return (Caution("instructions_in_text", what, advice, found),)
