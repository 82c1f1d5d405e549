"""What a submission would write: the official client, unmodified, told only where the gateway is.

It runs in the runtime of submissions, which has other packages than the product, and prints what it got.
"""
# mypy: ignore-errors

import asyncio
import json
import sys

import httpx
import openai
import pydantic

SOCKET = sys.argv[1]
WHERE = {"base_url": "http://gateway/v1", "api_key": "unused"}
client = openai.OpenAI(**WHERE, http_client=httpx.Client(transport=httpx.HTTPTransport(uds=SOCKET)))
once = client.with_options(max_retries=0)
impatient = client.with_options(max_retries=0, timeout=1.0)
got: dict[str, object] = {}


def ask(text: str, **more: object) -> object:
    return client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": text}], **more)


def error_of(act):
    try:
        act()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code, error.param, error.type]
    except openai.OpenAIError as error:
        return [type(error).__name__]
    except httpx.HTTPError as error:
        return [type(error).__name__]
    return ["no error"]


class Said(pydantic.BaseModel):
    n: int


TOOL = {"type": "function", "function": {"name": "send", "parameters": {"type": "object", "properties": {}}}}

got["models"] = [model.id for model in client.models.list()]
got["model"] = client.models.retrieve("parrot").id
got["said"] = ask("hello").choices[0].message.content
got["usage"] = ask("hello").usage.total_tokens
got["parts"] = ask([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]).choices[0].message.content
cut = ask("one two three", max_completion_tokens=2).choices[0]
got["cut"] = [cut.message.content, cut.finish_reason]
got["stopped"] = ask("one two three", stop="two").choices[0].message.content

called = ask("go", tools=[TOOL], tool_choice="required").choices[0]
call = called.message.tool_calls[0]
got["called"] = [called.finish_reason, call.function.name, json.loads(call.function.arguments)]
answered = client.chat.completions.create(
    model="parrot",
    messages=[
        {"role": "user", "content": "go"},
        called.message,
        {"role": "tool", "tool_call_id": call.id, "content": "done"},
    ],
    tools=[TOOL],
    tool_choice="none",
)
got["answered"] = answered.choices[0].message.content
parsed = client.chat.completions.parse(
    model="parrot", messages=[{"role": "user", "content": '{"n": 3}'}], response_format=Said
)
got["parsed"] = parsed.choices[0].message.parsed.n

chunks = list(ask("one two three four", stream=True, stream_options={"include_usage": True}))
got["streamed"] = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
got["streamed_usage"] = chunks[-1].usage.completion_tokens
with client.chat.completions.stream(
    model="parrot", messages=[{"role": "user", "content": "go"}], tools=[TOOL]
) as stream:
    final = stream.get_final_completion().choices[0]
got["streamed_call"] = [final.finish_reason, json.loads(final.message.tool_calls[0].function.arguments)]

vectors = client.embeddings.create(model="hashed-embedding", input=["a red car", "a red cart"], dimensions=64).data
plain = client.embeddings.create(model="hashed-embedding", input="a red car", dimensions=64, encoding_format="float")
got["embedded"] = [len(vector.embedding) for vector in vectors]
got["both_spellings_agree"] = all(
    abs(one - other) < 1e-6 for one, other in zip(vectors[0].embedding, plain.data[0].embedding, strict=True)
)

got["unknown_model"] = error_of(lambda: client.chat.completions.create(model="gone", messages=[]))
got["no_messages"] = error_of(lambda: client.chat.completions.create(model="parrot", messages=[]))
got["limited"] = error_of(
    lambda: once.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "fault rate_limited"}])
)
got["failed"] = error_of(
    lambda: once.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "fault server_error"}])
)
got["timed_out"] = error_of(
    lambda: impatient.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "fault timeout"}])
)
got["truncated"] = error_of(lambda: list(ask("fault truncated_stream and more words", stream=True)))


async def many() -> list[str]:
    transport = httpx.AsyncHTTPTransport(uds=SOCKET)
    async with openai.AsyncOpenAI(**WHERE, http_client=httpx.AsyncClient(transport=transport)) as several:
        asked = [
            several.chat.completions.create(model="parrot", messages=[{"role": "user", "content": f"call {number}"}])
            for number in range(100)
        ]
        return [(await one).choices[0].message.content for one in asyncio.as_completed(asked)]


got["many"] = len(set(asyncio.run(many())))
print(json.dumps(got))
