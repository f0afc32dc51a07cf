"""What is asked of a language model: for each situation one request, or several.

`shares`    one request: of 100 such people, how many would do what (as JSON, by a schema)
`samples`   K requests, each answered by one action (as JSON, by a schema)
`logprobs`  one request for one letter, and the log-probabilities of all letters
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blake3 import blake3

from ...errors import ParameterError, unknown
from .question import Question

HOW = ("shares", "samples", "logprobs")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SYSTEM = (
    "You answer as a survey of real people would come out, not as people should act. "
    "Answer only in the form that is asked for."
)
ASKED = {
    "shares": (
        "Of 100 people exactly like this, how many would choose each option? "
        'Answer as JSON, {"shares": {"A": number, ...}}; the numbers add up to 100.'
    ),
    "samples": 'Which option do you choose? Answer as JSON, {"choice": "LETTER"}.',
    "logprobs": "Which option do you choose? Answer with the letter alone.",
}


@dataclass(frozen=True)
class Asking:
    """How a question is asked: of which model, in which way, how often, how warm."""

    model: str
    how: str = "shares"
    samples: int = 1
    temperature: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a way that is none."""
        if self.how not in HOW:
            raise ParameterError(unknown("way of asking", self.how, HOW))
        if self.samples < 1 or (self.samples > 1 and self.how != "samples"):
            raise ParameterError(
                f"{self.samples} samples of {self.how}; type `--how samples --samples K`, K from 1."
            )


@dataclass(frozen=True)
class Request:
    """One call: its body, and whose answer it is. `key` is of its content and its sample."""

    cell: int
    sample: int
    wording: int
    order: tuple[int, ...]  # the action that stands at each letter
    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        """64 hex digits of all that is asked."""
        text = json.dumps([self.body, self.sample], sort_keys=True, separators=(",", ":"))
        return blake3(text.encode()).hexdigest()


def requests_of(
    question: Question,
    asking: Asking,
    cells: Sequence[int],
    *,
    wording: int = 0,
    reverse: bool = False,
) -> Iterator[Request]:
    """The requests for some situations, in order; `reverse` turns the options around."""
    numbers = range(len(question.actions))
    order = tuple(reversed(numbers) if reverse else numbers)
    for cell in cells:
        body = body_of(question, asking, cell, wording, order)
        for sample in range(asking.samples):
            yield Request(cell, sample, wording, order, body)


def body_of(
    question: Question, asking: Asking, cell: int, wording: int, order: Sequence[int]
) -> dict[str, Any]:
    """The body of a call in the protocol that OpenAI's chat completions have made common."""
    words = list(question.actions.values())
    options = "\n".join(
        f"{letter}. {words[action]}" for letter, action in zip(LETTERS, order, strict=False)
    )
    asked = f"{question.words(cell, wording)}\n\n{options}\n\n{ASKED[asking.how]}"
    body: dict[str, Any] = {
        "model": asking.model,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": asked}],
        "temperature": asking.temperature,
        "max_tokens": most_tokens(asking.how, len(order)),
    }
    if asking.how == "logprobs":
        return {**body, "logprobs": True, "top_logprobs": 20}
    schema = {"name": "answer", "strict": True, "schema": schema_of(asking.how, len(order))}
    return {**body, "response_format": {"type": "json_schema", "json_schema": schema}}


def most_tokens(how: str, actions: int) -> int:
    """How long an answer may be."""
    return {"shares": 40 + 12 * actions, "samples": 24, "logprobs": 1}[how]


def schema_of(how: str, actions: int) -> dict[str, Any]:
    """The JSON schema of an answer."""
    letters = list(LETTERS[:actions])
    if how == "samples":
        inner: dict[str, Any] = {"choice": {"type": "string", "enum": letters}}
    else:
        number = {"type": "number", "minimum": 0}
        inner = {"shares": _object(dict.fromkeys(letters, number))}
    return _object(inner)


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
