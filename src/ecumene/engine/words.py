"""The words of a line, one after another: names, numbers and signs, and where each stands."""

from __future__ import annotations

from typing import Any, NoReturn

from ..errors import EcumeneError, InterventionError
from ..population import NEVER
from .model import Model
from .moments import MOST_STEPS
from .sizes import MOST_AGENTS, parse_whole
from .spelling import NOW
from .tokens import Token, number, tokens

TRUTH = {"true": True, "yes": True, "false": False, "no": False}


class Words:
    """Takes words from a line; `places` says where what was read stands."""

    def __init__(self, line: str, model: Model) -> None:
        """Cut the line into words."""
        self.line, self.model = line, model
        self.tokens = tokens(line)
        self.next = 0
        self.places: dict[str, int] = {}

    def _named(self, role: str, expected: str) -> str:
        token = self._word(expected)
        self.places[f"{role}:{token.text}"] = token.at
        return token.text

    def _step(self) -> int:
        token = self._peek()
        step = self._whole("a step", MOST_STEPS)
        assert token is not None
        self.places[f"step:{step}"] = token.at
        return step

    def _count(self, what: str) -> int:
        token = self._peek()
        self.places["count"] = token.at if token else len(self.line)
        return self._whole(what, MOST_AGENTS)

    def _agent(self) -> int:
        token = self._peek()
        agent = self._whole("the number of an agent", MOST_AGENTS)
        assert token is not None
        self.places[f"agent:{agent}"] = token.at
        return agent

    def _whole(self, what: str, most: int) -> int:
        token = self._word(what)
        try:
            return parse_whole(token.text, what, 0, most)
        except EcumeneError as error:
            self._refuse(token, str(error))

    def _number(self, token: Token) -> float:
        value = self._value(token)
        if isinstance(value, str | bool):
            self._refuse(token, f"`{token.text}` is no number; type one such as 0.1, 1e-3 or 10%.")
        return value

    def _value(self, token: Token) -> Any:
        """A number, a truth value, `never` or `now`; any other word stays as it is."""
        if token.is_quoted:
            return token.text
        low = token.text.lower()
        if low in TRUTH:
            return TRUTH[low]
        if low in ("never", "now"):
            return NEVER if low == "never" else NOW
        return number(token.text)

    def _word(self, expected: str) -> Token:
        token = self._take(expected)
        if token.is_sign:
            self._refuse(token, f"here stands `{token.text}`, but should stand {expected}.")
        return token

    def _keyword(self, word: str) -> None:
        token = self._take(f"`{word}`")
        if token.text.lower() != word:
            self._refuse(token, f"here stands `{token.text}`, but should stand `{word}`.")

    def _sign(self, sign: str, expected: str) -> None:
        token = self._take(expected)
        if token.text != sign:
            self._refuse(token, f"here stands `{token.text}`, but should stand {expected}.")

    def _found(self, word: str) -> bool:
        """Whether `word` comes next; then it is read."""
        token = self._peek()
        found = token is not None and token.text.lower() == word and not token.is_quoted
        self.next += found
        return found

    def _found_before_name(self, word: str) -> bool:
        """Whether `word` comes next as a word of the grammar, not as a name that is set."""
        self.next += 1
        is_name = self._sign_follows("=")
        self.next -= 1
        return not is_name and self._found(word)

    def _sign_follows(self, sign: str) -> bool:
        token = self._peek()
        return token is not None and token.is_sign and token.text == sign

    def _take(self, expected: str) -> Token:
        token = self._peek()
        if token is None:
            raise InterventionError(f"the line ends where should stand {expected}.", "end")
        self.next += 1
        return token

    def _peek(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    @property
    def position(self) -> int:
        """Where the reader is; past the end of the line when all is read."""
        token = self._peek()
        return token.at if token is not None else len(self.line.rstrip())

    def _refuse(self, token: Token | None, text: str) -> NoReturn:
        self.places["here"] = token.at if token is not None else len(self.line)
        raise InterventionError(text, "here")
