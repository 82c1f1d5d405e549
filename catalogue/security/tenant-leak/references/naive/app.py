"""The HTTP side of the question desk: routes, tokens, errors, the log. Listens on the Unix socket `api.sock`."""

import uuid

import uvicorn
from answering import Answering
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from people import People
from pydantic import BaseModel
from store import Store

import record


class Question(BaseModel):
    """The body of a question."""

    question: str
    conversation_id: str | None = None
    document_id: str | None = None


class Text(BaseModel):
    """The body of a document."""

    title: str
    text: str
    groups: list[str] = []


class Groups(BaseModel):
    """The body of a change of groups."""

    groups: list[str]


class Asker:
    """Who is asking, and for which tenant."""

    person = None
    tenant = None


app = FastAPI()
people = People("data/people.json")
store = Store("data/documents.json")
answering = Answering(store)
asker = Asker()


@app.middleware("http")
async def logged(request: Request, call_next):
    """Find out who asks, and leave a line in the log."""
    body = (await request.body()).decode(errors="replace")
    entry = {
        "request_id": uuid.uuid4().hex,
        "path": request.url.path,
        "body": body,
    }
    try:
        asker.person = people.of_token(request.headers.get("authorization"))
        asker.tenant = asker.person.tenant
        response = await call_next(request)
    except Exception as error:
        entry["error"] = type(error).__name__
        response = answered_error(error)
    entry |= {"tenant": asker.tenant, "user": asker.person.id if asker.person else None, "status": response.status_code}
    entry |= {"decision": "allowed" if response.status_code < 400 else "denied", "documents": []}
    record.write(entry)
    response.headers["x-request-id"] = entry["request_id"]
    return response


def answered_error(error):
    """Turn an error into an answer."""
    kinds = {PermissionError: 403, KeyError: 404, ValueError: 409}
    status = next((status for kind, status in kinds.items() if isinstance(error, kind)), 500)
    texts = {403: "You may not see this.", 404: "There is no such thing.", 409: "The same text is there already."}
    return JSONResponse({"error": texts.get(status, "Something went wrong.")}, status_code=status)


@app.post("/ask")
def ask(body: Question):
    """Answer a question."""
    return answering.ask(asker, body.question, body.conversation_id, body.document_id)


@app.get("/documents")
def listed(limit: int = 50):
    """List documents."""
    found = [each for each in store.documents.values() if store.may_read(asker.tenant, asker.person.groups, each)]
    shown = [{"document_id": each["id"], "title": each["title"]} for each in found[:limit]]
    return {"total": len(found), "documents": shown}


@app.get("/documents/{document_id}")
def read(document_id: str):
    """Show a document."""
    document = store.get(document_id)
    if not store.may_read(asker.tenant, asker.person.groups, document):
        raise PermissionError(f"{document['title']} is for {document['tenant']} {document['groups']}")
    return {"document_id": document_id, "title": document["title"], "text": document["text"], "groups": document["groups"]}


@app.post("/documents", status_code=201)
def add(body: Text):
    """Add a document."""
    require_editor()
    return {"document_id": store.add(asker.tenant, body.title, body.text, body.groups)}


@app.put("/documents/{document_id}")
def replace(document_id: str, body: Text):
    """Replace a document."""
    require_editor()
    if store.get(document_id)["tenant"] != asker.tenant:
        raise PermissionError("this document belongs to another tenant")
    store.replace(document_id, body.title, body.text, body.groups)
    return {"document_id": document_id}


@app.delete("/documents/{document_id}")
def delete(document_id: str):
    """Take a document out."""
    require_editor()
    if store.get(document_id)["tenant"] != asker.tenant:
        raise PermissionError("this document belongs to another tenant")
    store.delete(document_id)
    return {"document_id": document_id}


@app.put("/people/{person_id}/groups")
def set_groups(person_id: str, body: Groups):
    """Give a person other groups."""
    require_editor()
    people.set_groups(person_id, body.groups)
    return {"person_id": person_id, "groups": body.groups}


@app.get("/answers/{answer_id}/citations")
def citations(answer_id: str):
    """Show what an earlier answer was made of."""
    return {"answer_id": answer_id, "citations": answering.answers[answer_id]["citations"]}


@app.get("/suggestions")
def suggestions(q: str):
    """Suggest titles and questions."""
    return answering.suggestions(q)


@app.get("/history")
def history():
    """Show earlier questions."""
    return {"answers": answering.history(asker)}


def require_editor():
    """Let editors alone change anything."""
    if asker.person.role != "editor":
        raise PermissionError(f"{asker.person.mail} is no editor")


if __name__ == "__main__":
    uvicorn.run(app, uds="api.sock")
