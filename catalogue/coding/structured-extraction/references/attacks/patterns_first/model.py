"""The client of the model. Change it as you like."""

import os

import httpx
import openai

MODEL = "reader-1"


def client() -> openai.OpenAI:
    """Return the official client; it reaches the model over a Unix socket, and repeats no call by itself."""
    transport = httpx.HTTPTransport(uds=os.environ["MODEL_SOCKET"])
    return openai.OpenAI(http_client=httpx.Client(transport=transport), max_retries=0)
