"""The HTTP side of the question desk: routes, tokens, errors, the log. Listens on the Unix socket `api.sock`."""

import uuid

import uvicorn
from answering import Answering
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
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


app = FastAPI()
people = People("data/people.json")
store = Store("data/documents.json")
answering = Answering(store)


DECISIONS = {401: "denied", 403: "denied", 404: "absent", 409: "invalid", 422: "invalid", 500: "failed"}
ERRORS = {LookupError: 401, PermissionError: 403, KeyError: 404, ValueError: 409}


@app.middleware("http")
async def logged(request: Request, call_next):
    """Find out who asks, and leave a line in the log."""
    state = request.state
    state.person, state.documents, state.question = None, [], ""
    request_id = uuid.uuid4().hex
    try:
        state.person = people.of_token(request.headers.get("authorization"))
        response = await call_next(request)
    except Exception as error:
        response = answered_error(error)
    person = state.person
    record.write(
        {
            "request_id": request_id,
            "tenant": person.tenant if person else None,
            "user": person.id if person else None,
            "method": request.method,
            "path": record.cleaned(request.url.path),
            "question": record.cleaned(state.question),
            "status": response.status_code,
            "decision": DECISIONS.get(response.status_code, "allowed"),
            "documents": state.documents,
        }
    )
    response.headers["x-request-id"] = request_id
    return response


@app.exception_handler(RequestValidationError)
async def malformed(request: Request, error):
    """Answer a malformed request."""
    return JSONResponse({"error": "malformed request"}, status_code=422)


def answered_error(error):
    """Turn an error into an answer that says little."""
    status = next((status for kind, status in ERRORS.items() if type(error) is kind), 500)
    return JSONResponse({"error": {401: "unauthorized", 403: "forbidden", 404: "not found"}.get(status, "error")}, status_code=status)


@app.post("/ask")
def ask(request: Request, body: Question):
    """Answer a question."""
    request.state.question = body.question
    answer = answering.ask(request.state.person, body.question, body.conversation_id, body.document_id)
    request.state.documents = [each["document_id"] for each in answer["citations"]]
    return answer


@app.get("/documents")
def listed(request: Request, limit: int = 50):
    """List documents."""
    found = [each for each in list(store.documents.values()) if store.may_read(request.state.person, each)]
    shown = [{"document_id": each["id"], "title": each["title"]} for each in found[:limit]]
    return {"total": len(found), "documents": shown}


@app.get("/documents/{document_id}")
def read(request: Request, document_id: str):
    """Show a document."""
    request.state.documents = [document_id] if document_id in store.documents else []
    document = answering.allowed(request.state.person, document_id)
    return {"document_id": document_id, "title": document["title"], "text": document["text"], "groups": document["groups"]}


@app.post("/documents", status_code=201)
def add(request: Request, body: Text):
    """Add a document."""
    require_editor(request)
    return {"document_id": store.add(request.state.person.tenant, body.title, body.text, body.groups)}


@app.put("/documents/{document_id}")
def replace(request: Request, document_id: str, body: Text):
    """Replace a document."""
    require_editor(request)
    request.state.documents = [document_id] if document_id in store.documents else []
    if store.get(document_id)["tenant"] != request.state.person.tenant:
        raise PermissionError
    store.replace(document_id, body.title, body.text, body.groups)
    return {"document_id": document_id}


@app.delete("/documents/{document_id}")
def delete(request: Request, document_id: str):
    """Take a document out."""
    require_editor(request)
    request.state.documents = [document_id] if document_id in store.documents else []
    if store.get(document_id)["tenant"] != request.state.person.tenant:
        raise PermissionError
    store.delete(document_id)
    return {"document_id": document_id}


@app.put("/people/{person_id}/groups")
def set_groups(request: Request, person_id: str, body: Groups):
    """Give a person other groups."""
    require_editor(request)
    people.set_groups(request.state.person.tenant, person_id, body.groups)
    return {"person_id": person_id, "groups": body.groups}


@app.get("/answers/{answer_id}/citations")
def citations(request: Request, answer_id: str):
    """Show what an earlier answer was made of."""
    return {"answer_id": answer_id, "citations": answering.citations(request.state.person, answer_id)}


@app.get("/suggestions")
def suggestions(request: Request, q: str):
    """Suggest titles and questions."""
    return answering.suggestions(request.state.person, q)


@app.get("/history")
def history(request: Request):
    """Show earlier questions."""
    return {"answers": answering.history(request.state.person)}


def require_editor(request):
    """Let editors alone change anything."""
    if request.state.person.role != "editor":
        raise PermissionError


if __name__ == "__main__":
    uvicorn.run(app, uds="api.sock", access_log=False)
