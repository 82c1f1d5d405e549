"""The HTTP side of the question desk: routes, tokens, errors, the log. Listens on the Unix socket `api.sock`."""

import uuid

import uvicorn
from answering import Answering
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from people import People
from pydantic import BaseModel
from refusals import Refused
from starlette.exceptions import HTTPException
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
    groups: list[str] | None = None


class Groups(BaseModel):
    """The body of a change of groups."""

    groups: list[str]


app = FastAPI(openapi_url=None)
people = People("data/people.json")
store = Store("data/documents.json")
answering = Answering(store)


@app.middleware("http")
async def logged(request: Request, call_next):
    """Find out who asks, from the token alone, and leave one line in the log whatever happens."""
    request_id, state = uuid.uuid4().hex, request.state
    state.person = people.of_token(request.headers.get("authorization"))
    state.decision, state.documents = "allowed", []
    try:
        response = await call_next(request) if state.person else refusal(request, Refused(401, "denied"))
    except Exception:
        response = refusal(request, Refused(500, "failed"))
    record.write(
        request_id=request_id,
        person=state.person,
        route=f"{request.method} {getattr(request.scope.get('route'), 'path', 'unknown')}"[:80],
        status=response.status_code,
        decision=state.decision,
        documents=state.documents,
    )
    response.headers["x-request-id"] = request_id
    return response


@app.exception_handler(Refused)
async def refused(request: Request, refused: Refused):
    """Answer a refusal of ours."""
    return refusal(request, refused)


@app.exception_handler(RequestValidationError)
async def malformed(request: Request, _):
    """Answer a malformed request without repeating it."""
    return refusal(request, Refused(422, "invalid"))


@app.exception_handler(HTTPException)
async def other(request: Request, error: HTTPException):
    """Answer what the framework refuses."""
    return refusal(request, Refused(error.status_code, "absent" if error.status_code == 404 else "invalid"))


def refusal(request, refused):
    """Tell the client a text of the status, and the log the rest."""
    request.state.decision, request.state.documents = refused.decision, refused.documents
    return JSONResponse({"error": refused.text}, status_code=refused.status)


@app.post("/ask")
def ask(request: Request, body: Question):
    """Answer a question."""
    answer = answering.ask(request.state.person, body.question, body.conversation_id, body.document_id)
    return shown(request, answer, "answer_id", "answer", "citations")


@app.get("/answers/{answer_id}/citations")
def citations(request: Request, answer_id: str):
    """Show what an earlier answer was made of."""
    return shown(request, answering.mine(request.state.person, answer_id), "answer_id", "citations")


def shown(request, answer, *keys):
    """Return some of an answer, and have the log name what it cites."""
    request.state.documents = [each["document_id"] for each in answer["citations"]]
    return {key: answer[key] for key in keys}


@app.get("/documents")
def listed(request: Request, limit: int = Query(50, ge=0)):
    """List documents."""
    found = list(store.view(request.state.person).documents.values())
    listed = [{"document_id": each["id"], "title": each["title"]} for each in found[:limit]]
    return {"total": len(found), "documents": listed}


@app.get("/documents/{document_id}")
def read(request: Request, document_id: str):
    """Show a document."""
    document = store.view(request.state.person).get(document_id)
    if document is None:
        raise store.refused(document_id)
    request.state.documents = [document_id]
    return {"document_id": document_id, "title": document["title"], "text": document["text"], "groups": document["groups"]}


@app.post("/documents", status_code=201)
def add(request: Request, body: Text):
    """Add a document."""
    person = editor(request)
    same = store.view(person).same_text(body.text)
    if same is not None:
        raise Refused(409, "invalid", [same["id"]])
    made = store.add(person, body.title, body.text, body.groups or [])
    request.state.documents = [made]
    return {"document_id": made}


@app.put("/documents/{document_id}")
def replace(request: Request, document_id: str, body: Text):
    """Replace a document."""
    store.replace(editor(request), document_id, body.title, body.text, body.groups)
    request.state.documents = [document_id]
    return {"document_id": document_id}


@app.delete("/documents/{document_id}")
def delete(request: Request, document_id: str):
    """Take a document out."""
    store.delete(editor(request), document_id)
    request.state.documents = [document_id]
    return {"document_id": document_id}


@app.put("/people/{person_id}/groups")
def set_groups(request: Request, person_id: str, body: Groups):
    """Give a person of the same tenant other groups."""
    if not people.set_groups(editor(request).tenant, person_id, body.groups):
        raise Refused(404, "absent")
    return {"person_id": person_id, "groups": body.groups}


@app.get("/suggestions")
def suggestions(request: Request, q: str):
    """Suggest titles and questions."""
    return answering.suggestions(request.state.person, q)


@app.get("/history")
def history(request: Request):
    """Show earlier questions."""
    return {"answers": answering.history(request.state.person)}


def editor(request):
    """Return the person where it is an editor."""
    if request.state.person.role != "editor":
        raise Refused(403, "denied")
    return request.state.person


if __name__ == "__main__":
    uvicorn.run(app, uds="api.sock", access_log=False, log_level="critical")
