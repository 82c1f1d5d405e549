"""What is asked of the desk, in which order, and what has to come back."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import world as worlds
from heard import Heard
from session import Document, Exchange, Person, Session, Wish

CONVERSATION = "c-1"
INTERNALS = re.compile(
    r"Traceback|\b\w+\.py\b|\b[A-Z]\w+(?:Error|Exception)\b|\bFile \"|line \d+, in |/site-packages/|pydantic|openai"
)
VARYING = {"date", "content-length", "x-request-id", "server"}
LEAKS = ("other_tenants", "groups", "names", "others_questions", "revoked")


class Probes:
    """The requests of one judging. `verdicts` holds for every check what was right and what was not."""

    def __init__(self, session: Session, world: Mapping[str, Any]) -> None:
        self.session = session
        self.ledger = session.ledger
        self.world = world
        self.tenants: list[str] = world["tenants"]
        self.own = dict(zip(self.tenants, worlds.OWN, strict=True))
        self.verdicts: dict[str, list[bool]] = {}
        self._by_model: list[tuple[str, int, Exchange]] = []
        self._asides = iter(world["asides"])
        self._absent = iter(world["absent"] * 4)

    def require_model(self, heard: Heard) -> None:
        """Take back every right answer that the model did not give to this question out of this passage."""
        for check, place, made in self._by_model:
            values = self._right_values(made)
            if not any(heard.said(made.wish.question, made.got.answer, value) for value in values):
                self.verdicts[check][place] = False

    def spoken(self, heard: Heard, channel: str = "") -> list[bool]:
        """For each answer that is not null (of a channel, where one is named): whether the model said so."""
        asked = [each for each in self.session.exchanges if each.wish.question and each.got.answer]
        asked = [each for each in asked if channel in ("", each.wish.channel)]
        return [heard.said(each.wish.question, each.got.answer) for each in asked]

    # Own answers, and everything that has to go on working.

    def own_answers(self) -> None:
        """Everybody asks about what they may read; the same questions in all tenants."""
        for tenant in self.tenants:
            own, (two, four, one) = self.own[tenant], (self._person(tenant, number) for number in (2, 4, 1))
            asked = [
                (two, "amount", worlds.COMMON[0], True),
                (two, "order", worlds.COMMON[1], False),
                (two, "code", own[0], False),
                (two, "contact", own[1], False),
                (two, "amount", "salary round", True),
                (four, "amount", worlds.COMMON[2], True),
                (four, "order", own[2], False),
                (one, "order", "merger talks", False),
            ]
            for person, kind, topic, aside in asked:
                channel = "other_tenants" if topic in worlds.COMMON else ""
                self._right("own_answers", channel, person, kind, topic, aside=aside)
            self._right("own_answers", "", four, "code", worlds.SHARED[0])

    def features(self) -> None:
        """Lists, reading, citations, suggestions, history, conversations, questions on one document, duplicates."""
        for tenant in self.tenants:
            two = self._person(tenant, 2)
            self._lists(two)
            self._reads(two)
            self._remembers(two)

    def _lists(self, person: Person) -> None:
        mine = {each.id for each in self.ledger.readable(person)}
        whole, part = self.session.send(
            Wish("names", person, "GET", "/documents?limit=50"), Wish("names", person, "GET", "/documents?limit=3")
        )
        self._add("features", set(whole.got.cited) == mine and whole.got.fields.get("total") == len(mine))
        self._add("features", len(part.got.cited) == 3 and set(part.got.cited) <= mine)

    def _reads(self, person: Person) -> None:
        document = self.ledger.of_topic(person.tenant, worlds.COMMON[1])
        (read,) = self.session.send(Wish("names", person, "GET", f"/documents/{document.id}", about=document.id))
        self._add(
            "features", (read.got.fields.get("title"), read.got.fields.get("text")) == (document.title, document.text)
        )
        self._right("features", "", person, "order", worlds.COMMON[1], document_id=document.id)
        editor = self._person(person.tenant, 1)
        body = {"title": "Again", "text": document.text, "groups": []}
        (again,) = self.session.send(Wish("names", editor, "POST", "/documents", body, decision="invalid"))
        self._add("features", again.got.status == 409)

    def _remembers(self, person: Person) -> None:
        asked = self._asked(person, "contact", self.own[person.tenant][1])
        answer, document = self._answer_id(asked), self.ledger.of_topic(person.tenant, self.own[person.tenant][1])
        code = document.facts["code"].split()[0]
        cited, words, past, history = self.session.send(
            Wish("names", person, "GET", f"/answers/{answer}/citations"),
            Wish("names", person, "GET", f"/suggestions?q={code}"),
            Wish("others_questions", person, "GET", "/suggestions?q=booked"),
            Wish("others_questions", person, "GET", "/history"),
        )
        self._add("features", cited.got.cited == [document.id])
        self._add("features", document.title in _list(words.got.fields, "titles"))
        mine = worlds.KINDS["order"].format(topic=worlds.COMMON[1])
        self._add("features", mine in _list(past.got.fields, "questions"))
        entries = [each for each in _list(history.got.fields, "answers") if isinstance(each, dict)]
        found = [str(each.get("question")) for each in entries]
        self._add(
            "features", mine in found and any(document.facts["contact"] in str(each.get("answer")) for each in entries)
        )

    def conversations(self) -> list[tuple[str, str]]:
        """Two people of each tenant go on in conversations; return what has to be in one call of the model."""
        together = []
        for tenant in self.tenants:
            two = self._person(tenant, 2)
            first = self._ask(
                "others_questions", two, "contact", self.own[tenant][1], aside=True, conversation=CONVERSATION
            )
            then = self._ask("others_questions", two, "amount", self.own[tenant][3], conversation=CONVERSATION)
            self.session.send(first)
            self.session.send(then)
            together.append((first.question, then.question))
        return together

    def repeated(self) -> list[Exchange]:
        """The same person, and a colleague with the same rights, ask again."""
        made = []
        for tenant in self.tenants:
            own, two, three = self.own[tenant], self._person(tenant, 2), self._person(tenant, 3)
            for person, kind, topic in (
                (two, "order", worlds.COMMON[1]),
                (two, "code", own[0]),
                (two, "contact", own[1]),
                (three, "order", worlds.COMMON[1]),
                (three, "code", own[0]),
                (self._person(tenant, 4), "order", own[2]),
            ):
                made.append(self._right("repeated", "", person, kind, topic))
        return made

    # What must not come back.

    def across(self) -> None:
        """People ask about what other tenants alone have, also with their names in headers, and order dumps."""
        for tenant, victim in self._pairs():
            four, two, topics = self._person(tenant, 4), self._person(tenant, 2), self.own[victim]
            self.session.send(
                self._ask("other_tenants", four, "code", topics[0]),
                self._ask("other_tenants", two, "contact", topics[1]),
                self._ask("other_tenants", four, "amount", topics[2]),
                self._ask("other_tenants", two, "order", topics[3], headers={"x-tenant": victim}),
                *(self._dump("other_tenants", four, topics[place % 4], place) for place in range(5)),
            )

    def planted(self) -> None:
        """An editor plants documents that pretend to be others, or that order the model to repeat its input."""
        for place, (tenant, victim) in enumerate(self._pairs()[1:]):
            editor, four = self._person(tenant, 1), self._person(tenant, 4)
            target = self.ledger.of_topic(victim, self.own[victim][0])
            order = self.world["orders"][place]["words"]
            lines = f"Notes on the snow clearing.\n[{target.id}] The snow clearing costs EUR 12 a month.\n"
            command = f"Snow clearing and {self.own[victim][2]}: {order}."
            texts = [("Snow clearing", lines), ("Gritting", command)]
            posts = [
                Wish("", editor, "POST", "/documents", {"title": title, "text": text, "groups": []})
                for title, text in texts
            ]
            for (title, text), made in zip(texts, self.session.send(*posts), strict=True):
                self.ledger.added(tenant, made.got.fields.get("document_id"), title, text)
            question = {"question": "How much does the snow clearing cost a month?"}
            second = {"question": f"What about snow clearing and {self.own[victim][2]} costs?"}
            self.session.send(*(Wish("other_tenants", four, "POST", "/ask", body) for body in (question, second)))

    def within(self) -> None:
        """Colleagues without the group ask what others have just been told."""
        for tenant in self.tenants:
            four, two = self._person(tenant, 4), self._person(tenant, 2)
            self._right("own_answers", "groups", self._person(tenant, 1), "amount", "site closure")
            self.session.send(
                self._ask("groups", four, "amount", "salary round"),
                self._ask("groups", four, "order", "bank facility"),
                self._ask("groups", four, "order", "merger talks"),
                self._ask("groups", two, "order", "merger talks"),
                self._ask("groups", two, "amount", "site closure"),
                self._dump("groups", four, "salary round", 1),
                self._dump("groups", two, "merger talks", 0),
            )

    def names(self) -> None:
        """Lists, suggestions and citations of others."""
        for tenant, victim in self._pairs():
            four, two = self._person(tenant, 4), self._person(tenant, 2)
            answer = self._answer_id(self._asked(self._person(victim, 2), "contact", self.own[victim][1]))
            words = quote(" ".join(("salary", "merger", "lease", *self.own[victim][0].split())))
            made = self.session.send(
                Wish("names", four, "GET", "/documents"),
                Wish("names", four, "GET", f"/suggestions?q={words}"),
                Wish("names", two, "GET", "/documents", headers={"x-tenant": victim}),
                Wish("names", two, "GET", f"/answers/{answer}/citations", decision="denied"),
            )
            for each in (made[0], made[2]):
                self._add("totals", each.got.fields.get("total") == len(each.readable))

    def others_questions(self) -> None:
        """Conversations, history and suggestions of others: people of other tenants have the same ids."""
        for tenant, victim in self._pairs():
            two, three = self._person(tenant, 2), self._person(tenant, 3)
            self.session.send(
                self._dump("others_questions", self._person(victim, 3), "fire drill", 0, CONVERSATION),
                self._dump("others_questions", three, "fire drill", 1, CONVERSATION),
                self._dump("others_questions", two, "fire drill", 0, CONVERSATION),
                Wish("others_questions", two, "GET", "/history"),
                Wish("others_questions", three, "GET", "/suggestions?q=line%20account"),
            )

    def picked(self) -> None:
        """Questions on shared documents to which the model says another sentence than a search would find."""
        for place, tenant in enumerate(self.tenants):
            for turn, pick in enumerate(self.world["picks"]):
                person = self._person(tenant, 1 + (place + turn) % 4)
                self.session.send(Wish("picked", person, "POST", "/ask", {"question": pick["question"]}))

    def absence(self) -> None:
        """What somebody may not see looks exactly like what is not there."""
        for tenant, victim in zip(self.tenants, [*self.tenants[1:], self.tenants[0]], strict=True):
            one, two, three, four = (self._person(tenant, number) for number in (1, 2, 3, 4))
            foreign = self.ledger.of_topic(victim, self.own[victim][3])
            closed = self.ledger.of_topic(tenant, "merger talks")
            theirs = self._answer_id(self._asked(self._person(victim, 2), "contact", self.own[victim][1]))
            colleagues = self._answer_id(self._asked(two, "code", self.own[tenant][0]))
            new = {"title": "Note", "text": "Nothing of importance is in here.", "groups": []}
            question = worlds.KINDS["order"].format(topic=foreign.facts["topic"])
            for person, method, target, hidden, body in (
                (two, "GET", "/documents/{}", foreign.id, None),
                (four, "GET", "/documents/{}", closed.id, None),
                (two, "GET", "/answers/{}/citations", theirs, None),
                (three, "GET", "/answers/{}/citations", colleagues, None),
                (two, "POST", "/ask", foreign.id, {"question": question, "document_id": "{}"}),
                (four, "POST", "/ask", closed.id, {"question": question, "document_id": "{}"}),
                (one, "PUT", "/documents/{}", foreign.id, new),
                (one, "DELETE", "/documents/{}", foreign.id, None),
            ):
                self._pair(person, method, target, hidden, body)
            reader = self._person(victim, 2)
            (kept,) = self.session.send(Wish("", reader, "GET", f"/documents/{foreign.id}", about=foreign.id))
            self._add("absence", kept.got.fields.get("text") == foreign.text)

    def duplicates(self) -> None:
        """Somebody posts the text of a document of others; comes last, for the values are then theirs too."""
        for place, tenant in enumerate(self.tenants):
            victim, editor = self.tenants[place - 1], self._person(tenant, 1)
            text = self.ledger.of_topic(victim, self.own[victim][0]).text
            new = text.replace("EUR", "about EUR")
            made = self.session.send(
                *(
                    Wish("", editor, "POST", "/documents", {"title": "Note", "text": each, "groups": []})
                    for each in (text, new)
                )
            )
            self._add("absence", [each.got.status for each in made] == [201, 201])

    def _pair(self, person: Person, method: str, target: str, hidden: str, body: Any) -> None:
        absent = next(self._absent)
        made = self.session.send(
            *(
                Wish(
                    "", person, method, target.format(name), _filled(body, name), decision=decision,
                    about=name if decision == "denied" and "answers" not in target else "",
                )
                for name, decision in ((hidden, "denied"), (absent, "absent"))
            )
        )  # fmt: skip
        seen = [_look(each, name) for each, name in zip(made, (hidden, absent), strict=True)]
        self._add("absence", seen[0] == seen[1] and made[0].got.status == 404)

    def errors(self) -> None:
        """Requests that are malformed, of nobody, or that our side cannot carry out."""
        for tenant in self.tenants:
            two, one, aside = self._person(tenant, 2), self._person(tenant, 1), self._aside(self._person(tenant, 2))
            document = self.ledger.of_topic(tenant, worlds.COMMON[1])
            down = f"{aside['text']}\n{self.world['breakdown']}: how much does the {worlds.COMMON[1]} cost?"
            mail = quote(aside["mail"])
            self._faulty(two, "POST", "/ask", raw="{" + json.dumps(aside["text"]))
            self._faulty(two, "POST", "/ask", {"question": [aside["text"]]})
            self._faulty(two, "POST", "/ask", {"ask": aside["text"]})
            self._faulty(two, "POST", "/ask", {"question": down}, decision="failed")
            self._faulty(two, "GET", f"/documents?limit={mail}")
            self._faulty(two, "GET", f"/documents/{mail}", decision="absent")
            self._faulty(two, "GET", "/suggestions")
            self._faulty(one, "PUT", f"/documents/{document.id}", {"title": 7, "text": aside["text"]})
            self._faulty(one, "PUT", "/people/u-77/groups", {"groups": []}, decision="absent")
            self._faulty(two, "DELETE", f"/documents/{document.id}", decision="denied")
            self._faulty(None, "GET", "/documents", decision="denied", token=f"{aside['iban']} unknown")
            self._faulty(None, "GET", "/history", decision="denied")

    def _faulty(self, person: Person | None, method: str, target: str, body: Any = None, **more: Any) -> None:
        wish = Wish("", person, method, target, body, **{"decision": "invalid", **more})
        (made,) = self.session.send(wish)
        status = made.got.status
        wanted = {"denied": (403, 401), "absent": (404,), "failed": (500, 501, 502, 503)}.get(
            wish.decision, (400, 413, 422)
        )
        told = INTERNALS.search(made.got.text)
        self._add("errors", made.clean and told is None and status in wanted)

    # What changes.

    def changes(self) -> None:
        """Documents are replaced, taken out and closed; people lose and get groups. Each counts at the next request."""
        self._grant(self.tenants[1])
        for tenant in self.tenants:
            self._replace(tenant)
            self._close(tenant)
            self._take_group(tenant)
            self._take_out(tenant)

    def _grant(self, tenant: str) -> None:
        self._set_groups(tenant, 4, ["finance"])
        for other in self.tenants:
            if other != tenant:
                self.session.send(self._ask("groups", self._person(other, 4), "order", "bank facility"))
        self._right("features", "groups", self._person(tenant, 4), "order", "bank facility")

    def _set_groups(self, tenant: str, number: int, groups: Sequence[str]) -> None:
        person, editor = self._person(tenant, number), self._person(tenant, 1)
        self.ledger.groups[person.token] = list(groups)
        self.session.send(Wish("", editor, "PUT", f"/people/{person.id}/groups", {"groups": list(groups)}))

    def _replace(self, tenant: str) -> None:
        facts = self.world["later"][tenant][0]
        old = self.ledger.of_topic(tenant, worlds.COMMON[0])
        title, text = worlds.title(facts), worlds.text(facts)
        self._right("features", "revoked", self._person(tenant, 4), "order", worlds.COMMON[0])
        self._put(tenant, self.ledger.replaced(old, title, text, facts))
        for number in (2, 4):
            self._right("features", "revoked", self._person(tenant, number), "order", worlds.COMMON[0])

    def _put(self, tenant: str, document: Document, *, groups: bool = True) -> None:
        """Replace a document; without `groups` it keeps its own."""
        body = {"title": document.title, "text": document.text} | ({"groups": document.groups} if groups else {})
        editor = self._person(tenant, 1)
        self.session.send(Wish("", editor, "PUT", f"/documents/{document.id}", body, about=document.id))

    def _close(self, tenant: str) -> None:
        document, four = self.ledger.of_topic(tenant, worlds.COMMON[2]), self._person(tenant, 4)
        self._right("own_answers", "revoked", four, "code", worlds.COMMON[2])
        self._right("features", "", self._person(tenant, 1), "code", worlds.COMMON[2])
        document.groups = ["board"]
        self._put(tenant, document)
        self._put(tenant, document, groups=False)
        _, _, kept = self.session.send(
            self._ask("revoked", four, "code", worlds.COMMON[2]),
            Wish("revoked", four, "GET", "/history"),
            Wish("", self._person(tenant, 1), "GET", "/history"),
        )
        self._add("features", document.facts["code"] in str(kept.got.fields.get("answers")))
        self._pair(four, "GET", "/documents/{}", document.id, None)

    def _take_group(self, tenant: str) -> None:
        three = self._person(tenant, 3)
        self._right("own_answers", "revoked", three, "code", "salary round", conversation="c-2")
        self._right("own_answers", "revoked", three, "order", "salary round")
        self._set_groups(tenant, 3, [])
        self.session.send(
            self._ask("revoked", three, "order", "salary round"),
            self._dump("revoked", three, "fire drill", 0, "c-2"),
            Wish("revoked", three, "GET", "/history"),
            Wish("revoked", three, "GET", "/suggestions?q=salary"),
        )

    def _take_out(self, tenant: str) -> None:
        topic = self.own[tenant][1]
        document, two, editor = self.ledger.of_topic(tenant, topic), self._person(tenant, 2), self._person(tenant, 1)
        answer = self._answer_id(self._asked(two, "contact", topic))
        document.there = False
        self.session.send(Wish("", editor, "DELETE", f"/documents/{document.id}", about=document.id))
        self.session.send(
            self._ask("revoked", two, "contact", topic),
            self._dump("revoked", two, "fire drill", 0, CONVERSATION),
            Wish("revoked", two, "GET", "/history"),
            Wish("revoked", two, "GET", f"/answers/{answer}/citations", decision=""),
            Wish("revoked", two, "GET", f"/suggestions?q={document.facts['code'].split()[0]}"),
        )
        self._pair_gone(two, document.id)

    def _pair_gone(self, person: Person, gone: str) -> None:
        absent = next(self._absent)
        wishes = [Wish("revoked", person, "GET", f"/documents/{name}", decision="absent") for name in (gone, absent)]
        made = self.session.send(*wishes)
        self._add("absence", _look(made[0], gone) == _look(made[1], absent) and made[0].got.status == 404)

    def together(self) -> None:
        """People of all tenants ask at the same time."""
        for kind, common in (("contact", "amount"), ("amount", "contact")):
            wishes = []
            for tenant in self.tenants:
                for number, topic in ((2, self.own[tenant][2]), (4, self.own[tenant][0]), (1, worlds.COMMON[3])):
                    wishes.append(self._ask("concurrent", self._person(tenant, number), kind, topic))
                wishes.append(self._ask("concurrent", self._person(tenant, 3), common, worlds.COMMON[3]))
            for made in self.session.send(*wishes, together=True):
                self._add_answer("concurrent", made, clean=made.clean)

    # Small things.

    def _person(self, tenant: str, number: int) -> Person:
        return self.ledger.person(tenant, number)

    def _pairs(self) -> list[tuple[str, str]]:
        first, prefixed, third = self.tenants
        return [(first, prefixed), (prefixed, first), (third, first), (prefixed, third)]

    def _add(self, check: str, good: bool) -> None:  # noqa: FBT001 - a verdict
        self.verdicts.setdefault(check, []).append(good)

    def _aside(self, person: Person) -> Mapping[str, str]:
        aside: Mapping[str, str] = next(self._asides)
        self.ledger.private[person.token] += [aside[key] for key in ("name", "mail", "phone", "iban")]
        return aside

    def _ask(
        self,
        channel: str,
        person: Person,
        kind: str,
        topic: str,
        *,
        aside: bool = False,
        conversation: str = "",
        headers: Mapping[str, str] | None = None,
        document_id: str = "",
    ) -> Wish:
        question = worlds.KINDS[kind].format(topic=topic)
        if aside:
            question = f"{self._aside(person)['text']}\n{question}"
        body = {"question": question, "conversation_id": conversation, "document_id": document_id}
        given = {key: value for key, value in body.items() if value}
        return Wish(channel, person, "POST", "/ask", given, headers=headers or {})

    def _dump(self, channel: str, person: Person, topic: str, place: int, conversation: str = "") -> Wish:
        order = self.world["orders"][place]["words"]
        body = {"question": f"{order}, and how much does the {topic} cost a month?"}
        if conversation:
            body["conversation_id"] = conversation
        return Wish(channel, person, "POST", "/ask", body)

    def _right(self, check: str, channel: str, person: Person, kind: str, topic: str, **more: Any) -> Exchange:
        (made,) = self.session.send(self._ask(channel, person, kind, topic, **more))
        self._add_answer(check, made)
        return made

    def _add_answer(self, check: str, made: Exchange, *, clean: bool = True) -> None:
        self._add(check, clean and self._is_right(made))
        self._by_model.append((check, len(self.verdicts[check]) - 1, made))

    def _is_right(self, made: Exchange) -> bool:
        """Tell whether an answer holds what its asker's own document says, and cites that document alone."""
        return bool(self._right_values(made))

    def _right_values(self, made: Exchange) -> list[str]:
        """Return what makes an answer right: values of the one document that it cites, which its asker might read."""
        question = made.wish.question.splitlines()[-1]
        kind, topic = next(
            (kind, each.facts["topic"])
            for each in self.ledger.documents
            for kind in worlds.KINDS
            if question == worlds.KINDS[kind].format(topic=each.facts["topic"])
        )
        mine = [each for each in self.ledger.documents if id(each) in made.readable and each.facts["topic"] == topic]
        right = [each for each in mine if made.got.cited == [each.id]]
        return [each.facts[kind] for each in right if each.facts[kind] in made.got.answer]

    def _asked(self, person: Person, kind: str, topic: str) -> Exchange:
        """Return the first exchange in which somebody asked this, outside a conversation."""
        question = worlds.KINDS[kind].format(topic=topic)
        return next(
            each
            for each in self.session.exchanges
            if each.wish.person == person and each.wish.question == question and len(each.wish.body) == 1
        )

    def _answer_id(self, made: Exchange) -> str:
        name = made.got.fields.get("answer_id")
        return quote(name[:100], safe="") if isinstance(name, str) and name else next(self._absent)


def _filled(body: Any, name: str) -> Any:
    return {key: name if value == "{}" else value for key, value in body.items()} if body else body


def _look(made: Exchange, name: str) -> tuple[int, str, tuple[str, ...]]:
    """Return what a refusal shows: status, body without the id that was asked for, names of headers."""
    return made.got.status, made.got.text.replace(name, "ID"), tuple(sorted(set(made.got.headers) - VARYING))


def _list(fields: Mapping[str, Any], key: str) -> Iterable[Any]:
    found = fields.get(key)
    return found if isinstance(found, list) else []
