"""What an endpoint sent back, as shares of the actions; or why it is no answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import exp, fsum
from typing import Any

from .requests import LETTERS, Request, schema_of


class NoAnswerError(Exception):
    """The model answered, but not what it was asked for: refused, malformed, or off the schema."""


def shares_in(request: Request, reply: Any, how: str) -> tuple[float, ...]:
    """The share of each action, in the order of the question's actions."""
    choice = _choice(reply)
    at_letters = _logprobs(choice, len(request.order)) if how == "logprobs" else None
    if at_letters is None:
        at_letters = _answered(_content(choice), how, len(request.order))
    shares = [0.0] * len(request.order)
    for share, action in zip(at_letters, request.order, strict=True):
        shares[action] = share
    return tuple(shares)


def usage_in(reply: Any) -> tuple[int, int]:
    """Tokens read and written, as the endpoint counted them; 0 where it did not."""
    usage: Any = reply.get("usage") if isinstance(reply, dict) else None
    if not isinstance(usage, dict):
        return 0, 0
    counted = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    return tuple(n if isinstance(n, int) and n >= 0 else 0 for n in counted)  # pyright: ignore[reportReturnType]


def text_in(reply: Any) -> str:
    """The words of an answer that has no form."""
    return _content(_choice(reply))


def _choice(reply: Any) -> Mapping[str, Any]:
    choices: Any = reply.get("choices") if isinstance(reply, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise NoAnswerError("malformed: no `choices`")
    return choices[0]


def _content(choice: Mapping[str, Any]) -> str:
    message: Any = choice.get("message")
    if not isinstance(message, dict):
        raise NoAnswerError("malformed: no `message`")
    if message.get("refusal"):
        raise NoAnswerError("refused")
    content = message.get("content")
    if not isinstance(content, str):
        raise NoAnswerError("malformed: no text")
    return content


def _answered(content: str, how: str, actions: int) -> list[float]:
    import jsonschema

    try:
        answer = json.loads(content)
    except ValueError as error:
        raise NoAnswerError("malformed: not JSON") from error
    try:
        jsonschema.validate(answer, schema_of(how, actions))
    except jsonschema.ValidationError as error:
        raise NoAnswerError("off the schema") from error
    letters = LETTERS[:actions]
    if how == "samples":
        return [float(letter == answer["choice"]) for letter in letters]
    shares = [float(answer["shares"][letter]) for letter in letters]
    total = fsum(shares)
    # People count badly too: what adds up to 90 or 110 of 100 is scaled, what does not is none.
    if not 90 <= total <= 110:
        raise NoAnswerError("off the schema: shares do not add up to 100")
    return [share / total for share in shares]


def _logprobs(choice: Mapping[str, Any], actions: int) -> list[float]:
    listed: Any = choice.get("logprobs")
    try:
        tokens: Sequence[Any] = listed["content"][0]["top_logprobs"]
        found = {letter: 0.0 for letter in LETTERS[:actions]}
        for token in tokens:
            letter = str(token["token"]).strip()
            if letter in found:
                found[letter] += exp(min(0.0, float(token["logprob"])))
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise NoAnswerError("no log-probabilities: the endpoint serves none") from error
    total = fsum(found.values())
    if total < 0.5:
        raise NoAnswerError("off the schema: the letters hold less than half of the probability")
    return [share / total for share in found.values()]
