"""The models behind the gateway. Change this file as you like."""

import os
import re

import httpx
import openai

READER, EMBEDDER = "reader-1", "embed-1"
_ID = re.compile(r"\[[A-Za-z0-9_.:/#-]{1,80}\]")


def connect() -> openai.OpenAI:
    """Return the official client; it reaches the models over a Unix socket."""
    transport = httpx.HTTPTransport(uds=os.environ["MODEL_SOCKET"])
    return openai.OpenAI(http_client=httpx.Client(transport=transport), max_retries=1)


def embed(client: openai.OpenAI, texts: list[str]) -> list[list[float]]:
    """Return one vector of length 1 for each text; a call takes at most 256 texts."""
    made = client.embeddings.create(model=EMBEDDER, input=texts)
    return [row.embedding for row in made.data]


def ask(client: openai.OpenAI, prompt: str) -> str:
    """Return what the reader says. Raises ValueError for a line that begins with what it would not take for an id."""
    for line in prompt.splitlines():
        if line.startswith("[") and not _ID.match(line):
            raise ValueError(f"an id is 1 to 80 letters, digits and signs of _.:/#-, unlike {line[:60]!r}")
    said = client.chat.completions.create(model=READER, messages=[{"role": "user", "content": prompt}])
    return said.choices[0].message.content or ""
