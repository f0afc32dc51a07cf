"""Asking: several calls at once, none of them twice, up to a budget, every answer kept."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .answers import Answers
from .endpoint import Endpoint, EndpointError
from .quoting import Price, tokens_of
from .reading import NoAnswerError, shares_in, usage_in
from .requests import Request

AGAIN = 3  # Times a question is put before it counts as never answered.


@dataclass
class Collected:
    """What came of asking."""

    calls: int = 0
    answered: int = 0
    unanswered: Counter[str] = field(default_factory=Counter[str])
    tokens_read: int = 0
    tokens_written: int = 0
    dollars: float = 0.0
    stopped: str = ""  # why not everything was asked


@dataclass
class _Purse:
    """What may still be spent: each call in flight holds what it can cost at most."""

    price: Price
    budget: float | None
    held: float = 0.0

    def take(self, request: Request, spent: float) -> float | None:
        """What a call may cost, held back; None if it could pass the budget."""
        most = self.price.of(*tokens_of(request)) if self.budget is not None else 0.0
        if self.budget is not None and spent + self.held + most > self.budget:
            return None
        self.held += most
        return most


def collect(
    requests: Iterable[Request],
    how: str,
    endpoint: Endpoint,
    answers: Answers,
    *,
    price: Price | None = None,
    budget: float | None = None,
    told: Callable[[Collected], None] | None = None,
) -> Collected:
    """Ask what has no answer yet, and keep each answer as it comes.

    Stops at the budget (dollars), with everything kept; raises `EndpointError` where the endpoint
    cannot be asked at all, everything kept too.
    """
    left = [request for request in requests if request.key not in answers]
    work = _Work(how, endpoint, answers, _Purse(price or Price(), budget), told)
    return asyncio.run(work.all(left))


class _Work:
    """The calls in flight."""

    def __init__(
        self,
        how: str,
        endpoint: Endpoint,
        answers: Answers,
        purse: _Purse,
        told: Callable[[Collected], None] | None,
    ) -> None:
        self.how, self.endpoint, self.answers, self.purse = how, endpoint, answers, purse
        self.told = told
        self.out = Collected()
        self.failed: EndpointError | None = None
        self._next = 0.0

    async def all(self, requests: list[Request]) -> Collected:
        queue = iter(requests)
        async with self.endpoint.client() as client:
            workers = [self._worker(queue, client) for _ in range(self.endpoint.concurrency)]
            await asyncio.gather(*workers)
        if self.failed is not None:
            raise self.failed
        return self.out

    async def _worker(self, queue: Any, client: Any) -> None:
        """Take one request after another, until one cannot be paid or the endpoint fails."""
        for request in queue:
            if self.out.stopped or self.failed:
                return
            held = self.purse.take(request, self.out.dollars)
            if held is None:
                self.out.stopped = "the budget is spent"
                return
            try:
                await self._one(request, client)
            except EndpointError as error:
                self.failed = self.failed or error
            finally:
                self.purse.held -= held

    async def _one(self, request: Request, client: Any) -> None:
        kept: dict[str, Any] = {"key": request.key, "cell": request.cell, "sample": request.sample}
        kept |= {"wording": request.wording, "order": request.order, "how": self.how}
        kept["endpoint"] = self.endpoint.base_url
        why = ""
        for number in range(AGAIN):
            if number and self._over():
                self.out.stopped = "the budget is spent"
                return  # it was not given up: a larger budget goes on with it
            await self._pace()
            self.out.calls += 1
            luck = int(request.key[:15], 16) + number
            reply = await self.endpoint.ask(client, request.body, luck)
            self._count(usage_in(reply))
            try:
                shares = shares_in(request, reply, self.how)
            except NoAnswerError as no:
                why = str(no)
                continue
            self.answers.add({**kept, "shares": shares})
            self.out.answered += 1
            break
        else:
            self.answers.add({**kept, "shares": None, "why": why})
            self.out.unanswered[why] += 1
        if self.told:
            self.told(self.out)

    def _over(self) -> bool:
        return self.purse.budget is not None and self.out.dollars >= self.purse.budget

    def _count(self, tokens: tuple[int, int]) -> None:
        self.out.tokens_read += tokens[0]
        self.out.tokens_written += tokens[1]
        self.out.dollars = self.purse.price.of(self.out.tokens_read, self.out.tokens_written)

    async def _pace(self) -> None:
        """Wait for a turn, where calls in a minute are limited."""
        if self.endpoint.per_minute:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + 60.0 / self.endpoint.per_minute
            await asyncio.sleep(turn - now)
