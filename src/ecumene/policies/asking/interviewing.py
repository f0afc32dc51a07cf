"""A conversation with one agent: a language model speaks for it, and is marked as doing so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from .endpoint import Endpoint, EndpointError
from .reading import NoAnswerError, text_in

SPEAKS = (
    "You speak for one agent of a simulated society, in the first person. All that is known of it "
    "is listed; where the list is silent, say that you do not know. Invent no names and no events."
)
LONGEST = 500  # tokens


def interview(endpoint: Endpoint, model: str, life: Sequence[str], question: str) -> str:
    """What the language model says for an agent with this life; raises `EndpointError`."""
    told = "\n".join(f"- {line}" for line in life)
    body = {
        "model": model,
        "messages": [
            {"role": "system", "content": f"{SPEAKS}\n\n{told}"},
            {"role": "user", "content": question},
        ],
        "max_tokens": LONGEST,
    }

    async def ask() -> str:
        async with endpoint.client() as client:
            return text_in(await endpoint.ask(client, body))

    try:
        return asyncio.run(ask())
    except NoAnswerError as no:
        raise EndpointError(f"the endpoint {endpoint.base_url} gives no words: {no}.") from no
