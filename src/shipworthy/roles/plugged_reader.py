"""A reader of an organisation's own: any command that answers in JSON. What it claims is checked against the text.

The command gets one JSON object on standard input: `sentences` (index, text, heading), `competencies` and `contexts`
(id, title, description) and `stances`. It answers with one object: `mentions`, each with `sentence`, `subject` (an id),
`stance` and `words`, which must stand in that sentence as they are; for a context also `weight` (1 to 3) and
`distinctive`. A claim that the text does not bear out is left out, and said.
"""

import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence

from shipworthy.framework import Framework
from shipworthy.roles.entities import Mention, Reading
from shipworthy.roles.errors import ReaderError
from shipworthy.roles.stances import Stance
from shipworthy.roles.structure import Posting

TIMEOUT_SECONDS = 120
MAX_ANSWER_BYTES = 5_000_000


class CommandReader:
    """Reads with a command; `framework` says which competencies and contexts there are."""

    def __init__(self, command: str, framework: Framework) -> None:
        self._command = command
        self._framework = framework

    def read(self, posting: Posting) -> Reading:
        """Return what the command found and the text bears out. Raises `ReaderError` where it gives no answer."""
        claims = _claims(self._answer(json.dumps(self._question(posting))))
        competencies: list[Mention] = []
        contexts: list[Mention] = []
        refused: list[str] = []
        for claim in claims:
            fault = self._fault(claim, posting)
            if fault:
                refused.append(fault)
            elif claim["subject"] in self._framework.competency_ids:
                competencies.append(_mention(claim))
            else:
                contexts.append(_mention(claim))
        return Reading(f"command: {self._command}", tuple(competencies), tuple(contexts), tuple(refused))

    def _question(self, posting: Posting) -> dict[str, object]:
        return {
            "sentences": [
                {"index": sentence.index, "text": sentence.text, "heading": sentence.section.heading}
                for sentence in posting.sentences
            ],
            "competencies": [vars(entry) for entry in self._framework.competencies],
            "contexts": [vars(entry) for entry in self._framework.role_contexts],
            "stances": [stance.value for stance in Stance],
        }

    def _answer(self, question: str) -> bytes:
        try:
            run = subprocess.run(
                shlex.split(self._command),
                input=question.encode(),
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except (OSError, ValueError, IndexError) as error:  # an empty command has no first word
            raise ReaderError(f"The reader {self._command!r} cannot be started: {error}.") from error
        except subprocess.TimeoutExpired as error:
            raise ReaderError(f"The reader {self._command!r} gave no answer within {TIMEOUT_SECONDS} s.") from error
        if run.returncode != 0:
            said = run.stderr.decode(errors="replace").strip()[-300:]
            raise ReaderError(
                f"The reader {self._command!r} ended with exit code {run.returncode}: {said or 'no word'}."
            )
        if len(run.stdout) > MAX_ANSWER_BYTES:
            raise ReaderError(f"The reader {self._command!r} answered with more than {MAX_ANSWER_BYTES:,} bytes.")
        return run.stdout

    def _fault(self, claim: Mapping[str, object], posting: Posting) -> str:
        """Return why a claim cannot count, or an empty text."""
        place, words = claim.get("sentence"), claim.get("words")
        if claim.get("subject") not in (*self._framework.competency_ids, *self._framework.role_context_ids):
            return f"{claim.get('subject')!r} is neither a competency nor a role context"
        if claim.get("stance") not in list(Stance):
            return f"{claim.get('stance')!r} is no stance"
        if type(place) is not int or not 0 <= place < len(posting.sentences):
            return f"there is no sentence {place!r}"
        if not isinstance(words, str) or not words.strip() or words not in posting.sentences[place].text:
            return f"the words {words!r} do not stand in sentence {place}"
        weight = claim.get("weight", 1)
        if type(weight) is not int or weight not in (1, 2, 3):
            return f"{weight!r} is no weight from 1 to 3"
        return ""


def _claims(answer: bytes) -> Sequence[Mapping[str, object]]:
    try:
        found = json.loads(answer)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReaderError(f"The reader's answer is no JSON: {error}.") from error
    mentions = found.get("mentions") if isinstance(found, dict) else None
    if not isinstance(mentions, list) or not all(isinstance(each, dict) for each in mentions):
        raise ReaderError('The reader\'s answer has no list "mentions" of objects.')
    return mentions


def _mention(claim: Mapping[str, object]) -> Mention:
    return Mention(
        sentence=int(str(claim["sentence"])),
        entry=f"{claim['subject']}: {claim['words']}",
        subject=str(claim["subject"]),
        stance=Stance(str(claim["stance"])),
        words=str(claim["words"]),
        because="said by the reader plugged in",
        weight=int(str(claim.get("weight", 1))),
        distinctive=claim.get("distinctive") is True,
    )
