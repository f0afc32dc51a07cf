"""`ecumene policy`: a language model's answers as a table; quoted, built and checked."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import json_option
from .output import columns, number, print_json, say

if TYPE_CHECKING:
    from ..policies.asking import Answers, Asking, Question

SHARE_KEY = 0x7368617265
TELL_EVERY = 5.0  # seconds

asking_options: list[Callable[..., Any]] = [
    click.argument("target", metavar="MODEL|FILE"),
    click.option("--policy", "called", metavar="NAME", help="Which of the model's policies."),
    click.option(
        "--model",
        "language_model",
        metavar="M",
        default="model",
        show_default=True,
        help="The language model, as the endpoint calls it.",
    ),
    click.option(
        "--how",
        metavar="shares|samples|logprobs",
        default="shares",
        show_default=True,
        help="One answer in shares of 100 people; K single choices; or log-probabilities.",
    ),
    click.option("--samples", metavar="K", type=int, default=1, help="Choices for each situation."),
    click.option("--temperature", metavar="T", type=float, default=1.0, show_default=True),
    click.option(
        "--share",
        metavar="P",
        type=float,
        default=1.0,
        show_default=True,
        help="The share of situations to ask for; a student fills the others.",
    ),
    click.option(
        "--answers", metavar="FILE", help="Where answers are kept; beside FILE if not said."
    ),
    json_option,
]
endpoint_options: list[Callable[..., Any]] = [
    click.option("--base-url", metavar="URL", help="The endpoint, say http://localhost:8000/v1."),
    click.option(
        "--price", metavar="READ/WRITTEN", help="Dollars for a million tokens: 0.15/0.60."
    ),
    click.option("--budget", metavar="5USD", help="Stop before more than this is spent."),
    click.option(
        "--concurrency",
        metavar="n",
        type=click.IntRange(1, 256),
        default=8,
        show_default=True,
        help="Calls at once.",
    ),
    click.option(
        "--per-minute", metavar="n", type=float, default=0.0, help="Calls a minute at most."
    ),
    click.option(
        "--timeout",
        metavar="S",
        type=float,
        default=60.0,
        show_default=True,
        help="Seconds to wait for an answer.",
    ),
]


def with_options(*options: Callable[..., Any]) -> Callable[[Any], Any]:
    """Several options, in the order in which they are read."""

    def wrap(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        return function

    return wrap


@click.group("policy")
def command() -> None:
    """Build a policy from a language model: quote first, build, then check.

    FILE is a question in TOML or a policy in JSON; MODEL a ready model with policies. The key is
    read from ECUMENE_API_KEY or OPENAI_API_KEY.
    """


@command.command("quote")
@with_options(*asking_options, endpoint_options[1])
def quote(as_json: bool, price: str | None, **options: Any) -> None:
    """Say calls, tokens and price before anything is asked."""
    from ..policies.asking import parse_price, requests_of
    from ..policies.asking import quote as quoted

    question, asking, answers, _ = _asked(options)
    requests = requests_of(question, asking, _cells(question, options["share"]))
    said = quoted(requests, parse_price(price) if price else None, answers)
    if as_json:
        print_json({"situations": question.cells, **said})
        return
    rows = [[name.replace("_", " "), number(value)] for name, value in said.items()]
    if said["dollars_at_most"] is None:
        rows[-1] = [
            "dollars at most",
            "unknown: type --price READ/WRITTEN (0 for your own machine)",
        ]
    click.echo(f"{question.cells:,} situations x {len(question.actions)} actions")
    click.echo(columns(rows))


@command.command("build")
@with_options(
    *asking_options,
    *endpoint_options,
    click.option("--to", metavar="FILE", help="Where the policy is written (.json)."),
)
def build(as_json: bool, to: str | None, **options: Any) -> None:
    """Ask the endpoint for each situation, keep every answer, and write the policy."""
    from ..policies import write_policy
    from ..policies.asking import policy_of, requests_of

    question, asking, answers, stem = _asked(options)
    requests = requests_of(question, asking, _cells(question, options["share"]))
    done = _collect(list(requests), asking, answers, options)
    policy = policy_of(question, asking, answers)
    path = write_policy(policy, to or f"{stem}.policy.json")
    filled = int((policy.source_of > 0).sum())
    said = {
        **done,
        "policy": str(path),
        "digest": policy.digest(),
        "situations": policy.situations,
        "filled_by_student": filled,
        "student_error": policy.about.get("student_error"),
    }
    if as_json:
        print_json(said)
        return
    click.echo(
        columns(
            [
                [name.replace("_", " "), number(v)]
                for name, v in said.items()
                if v not in (None, "", {})
            ]
        )
    )


@command.command("check")
@with_options(
    *asking_options,
    *endpoint_options,
    click.option(
        "--ask",
        metavar="N",
        type=int,
        default=0,
        help="Ask N situations again: reworded, and with options turned around.",
    ),
    click.option("--human", metavar="FILE", help="A policy of what people did, beside it."),
)
def check(as_json: bool, ask: int, human: str | None, **options: Any) -> None:
    """Say how far the answers can be trusted."""
    from ..policies import read_policy
    from ..policies.asking import checked, requests_of

    question, asking, answers, _ = _asked(options)
    if ask:
        cells = _cells(question, options["share"])[:: max(1, question.cells // ask)][:ask]
        again = list(requests_of(question, asking, cells, reverse=True))
        if question.rewordings:
            again += requests_of(question, asking, cells, wording=1)
        _collect(again, asking, answers, options)
    report = checked(question, asking, answers, read_policy(human) if human else None)
    if as_json:
        print_json(report)
    else:
        click.echo(columns(_lines(report)))


def _lines(report: dict[str, Any]) -> list[list[str]]:
    """A report for people."""
    held, said = report["held_out_persons"], "not asked: type --ask N"
    rows = [
        ["situations answered", f"{report['answered']:,} of {report['cells']:,}"],
        *(["never answered", f"{n:,}: {why}"] for why, n in report["never_answered"].items()),
        ["unseen persons, student", _far(held["student"]["mean"])],
        ["unseen persons, mean answer", _far(held["average"]["mean"])],
        ["calibration error", number(report["calibration_error"] or "cannot be said")],
    ]
    for one in report["monotone"]:
        way = "rises" if one["rises"] else "falls"
        rows.append(
            [
                f"{one['action']} {way} with {one['column']}",
                f"{one['wrong']} of {one['steps']} steps go the other way, "
                f"by {one['largest_wrong']:.3g} at most",
            ]
        )
    for name in ("rewording", "option_order"):
        found = report[name]
        rows.append([name.replace("_", " "), _far(found["mean"]) if found else said])
    human = report["human"]
    rows.append(["human data", _far(human["mean"]) if human else "none given: type --human FILE"])
    return rows


def _far(divergence: float | None) -> str:
    """A mean Jensen-Shannon divergence."""
    return "cannot be said" if divergence is None else f"{divergence:.4f} bits away"


def _asked(options: dict[str, Any]) -> tuple[Question, Asking, Answers, str]:
    """The question, how it is asked, the answers there are, and a name for files."""
    from ..policies.asking import Answers, Asking

    asking = Asking(
        options["language_model"], options["how"], options["samples"], options["temperature"]
    )
    question, stem = _question(options["target"], options["called"])
    answers = options["answers"] or f"{stem}.answers.jsonl"
    return question, asking, Answers(answers), stem


def _question(target: str, called: str | None) -> tuple[Question, str]:
    from ..errors import ParameterError, unknown
    from ..policies.asking import question_of, read_question

    path = Path(target)
    if path.suffix in (".toml", ".json"):
        return read_question(path), str(path.with_suffix("")).removesuffix(".policy")
    from .build import find_model

    policies = find_model(target).build().policies
    if not policies:
        raise ParameterError(
            f"the model `{target}` has no policies; give a question (FILE.toml) instead."
        )
    if called is None and len(policies) > 1:
        raise ParameterError(
            f"`{target}` has several policies; type `--policy` and one of {', '.join(policies)}."
        )
    name = called or next(iter(policies))
    if name not in policies:
        raise ParameterError(unknown("policy", name, policies))
    return question_of(policies[name]), f"{target}.{name}"


def _cells(question: Question, share: float) -> list[int]:
    """The situations that are asked for: nested in their share."""
    from ..errors import ParameterError
    from ..random import chance, fold

    if not 0 < share <= 1:
        raise ParameterError(f"--share {share}; type a share above 0, at most 1.")
    return [c for c in range(question.cells) if chance(fold(SHARE_KEY, c), share)]


def _collect(
    requests: list[Any], asking: Asking, answers: Answers, options: dict[str, Any]
) -> dict[str, Any]:
    """Ask what has no answer, and say what that came to."""
    from ..errors import ParameterError
    from ..policies.asking import collect, parse_price
    from ..policies.asking.quoting import parse_budget

    price = parse_price(options["price"]) if options["price"] else None
    budget = parse_budget(options["budget"]) if options["budget"] else None
    if budget is not None and price is None:
        raise ParameterError("--budget needs --price READ/WRITTEN: nobody else knows your price.")
    if all(request.key in answers for request in requests):
        return {"calls": 0, "answered": 0, "dollars": 0.0, "stopped": ""}
    endpoint = endpoint_of(options)
    for other in sorted(answers.endpoints - {endpoint.base_url}):
        say(f"answers: some in {answers.path} are from {other} and are not asked for again.")
    told = _telling(len(requests))
    how: dict[str, Any] = {"price": price, "budget": budget, "told": told}
    done = collect(requests, asking.how, endpoint, answers, **how)
    if done.stopped:
        say(f"stopped: {done.stopped}; every answer is kept, type a larger --budget to go on.")
    for why, count in done.unanswered.items():
        say(f"never answered: {count:,} ({why})")
    return {
        "calls": done.calls,
        "answered": done.answered,
        "dollars": round(done.dollars, 6),
        "stopped": done.stopped,
    }


def _telling(most: int) -> Callable[[Any], None]:
    """Says every few seconds how far asking has come."""
    last = [time.monotonic()]

    def told(done: Any) -> None:
        if time.monotonic() - last[0] >= TELL_EVERY:
            last[0] = time.monotonic()
            say(f"asked: {done.calls:,} calls of about {most:,}, {done.dollars:.4f} dollars")

    return told


def endpoint_of(options: dict[str, Any]) -> Any:
    """The endpoint that was typed, with the key of the environment."""
    from ..errors import ParameterError
    from ..policies.asking import Endpoint, key_from_environment

    if not options["base_url"]:
        raise ParameterError("no endpoint to ask; type `--base-url http://localhost:8000/v1`.")
    return Endpoint(
        options["base_url"],
        key_from_environment(),
        timeout=options.get("timeout", 60.0),
        per_minute=options.get("per_minute", 0.0),
        concurrency=options.get("concurrency", 8),
    )
