"""An endpoint that speaks the common protocol of chat completions, over HTTP.

What passes is tried again, later and later: too many requests (429, after what `Retry-After` says),
5xx, a cut connection, a slow answer. What does not pass is one error: a wrong key, path or model.
The key is read from the environment, goes into one header, and is taken out of any text.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ...errors import EcumeneError, InputError, ParameterError
from ...random import fold, uniform

KEYS = ("ECUMENE_API_KEY", "OPENAI_API_KEY")
LONGEST_WAIT = 60.0
FATAL = {
    400: "it does not take the request",
    401: "the key is wrong or missing",
    403: "the key may not do this",
    404: "there is no such path or model",
}


class EndpointError(EcumeneError):
    """An endpoint that cannot be asked at all; what was answered before is kept."""


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and how patiently.

    `timeout` is in seconds, `first_wait` the seconds before the second try, doubled each time;
    `per_minute` limits the calls that begin in a minute (0: no limit).
    """

    base_url: str
    key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    tries: int = 6
    first_wait: float = 1.0
    per_minute: float = 0.0
    concurrency: int = 8

    def __post_init__(self) -> None:
        """Refuse an address that is none, or that holds a secret."""
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ParameterError(
                "the endpoint's address is not one; type `--base-url http://localhost:8000/v1`."
            )
        if parts.username or parts.password or parts.query:
            raise ParameterError(
                f"the endpoint's address holds more than an address; put the key into {KEYS[0]}."
            )

    def hidden(self, text: str) -> str:
        """A text without the key, wherever it came from."""
        return text.replace(self.key, "[key]") if self.key else text

    def client(self) -> Any:
        """A client with its pool of connections; it follows nobody elsewhere with the key."""
        try:
            import httpx
        except ImportError as error:
            raise InputError(
                'asking an endpoint needs httpx; type `pip install "ecumene[policies]"`.'
            ) from error
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        limits = httpx.Limits(max_connections=self.concurrency)
        return httpx.AsyncClient(headers=headers, timeout=self.timeout, limits=limits)

    async def ask(self, client: Any, body: Mapping[str, Any], luck: int = 0) -> Any:
        """The reply to one request; raises `EndpointError` when patience is at an end."""
        import httpx

        said = ""
        for number in range(self.tries):
            if number:
                await asyncio.sleep(self._wait(number, said, luck))
            try:
                response = await client.post(
                    f"{self.base_url.rstrip('/')}/chat/completions", json=dict(body)
                )
            except httpx.TransportError as error:
                said = f"no answer ({type(error).__name__})"
                continue
            if response.status_code == 200:
                try:
                    return response.json()
                except ValueError:
                    said = "an answer that is not JSON"
                    continue
            said = f"status {response.status_code}"
            if response.status_code in FATAL:
                why = FATAL[response.status_code]
                raise EndpointError(f"{self._where} gives {said}: {why}. {self._gist(response)}")
            if response.status_code == 429:
                said += f" {response.headers.get('retry-after', '')}"
        raise EndpointError(
            f"{self._where} gives {said.strip()} after {self.tries} tries; what was answered is "
            "kept: type the same again to go on."
        )

    def _wait(self, number: int, said: str, luck: int) -> float:
        """Seconds before the next try: doubled each time, spread by luck, or as it asks."""
        waits = self.first_wait * 2 ** (number - 1) * (0.5 + uniform(fold(luck, number)))
        asked = said.removeprefix("status 429").strip()
        if said.startswith("status 429") and asked.replace(".", "", 1).isdigit():
            waits = max(waits, float(asked))
        return min(waits, LONGEST_WAIT)

    @property
    def _where(self) -> str:
        return f"the endpoint {self.base_url}"

    def _gist(self, response: Any) -> str:
        """What the endpoint says is wrong, in short and without the key."""
        try:
            said = response.json()["error"]
            text = said["message"] if isinstance(said, dict) else str(said)
        except (ValueError, KeyError, TypeError):
            text = response.text
        return self.hidden(str(text))[:300]


def key_from_environment() -> str | None:
    """The key, from the environment alone; None for an endpoint that needs none."""
    return next((os.environ[name] for name in KEYS if os.environ.get(name)), None)
