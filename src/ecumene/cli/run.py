"""`ecumene run`: the plan, the run, the summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .options import every_option, json_option, keep_option, out_option
from .output import print_json, say

if TYPE_CHECKING:
    from ..engine import Intervention
    from ..run import Run

BACKENDS = ("cpu", "reference")
MOST_STEPS = 10**12
AUDIT = ("audit", "audit_calls", "base_url", "language_model")
MOST_WORKERS = 1024
LARGEST_SEED = 2**64 - 1


EXAMPLES = """\b
Examples of --do (one change each; several are made in their order):
  --do "at 12: transmission = 0.05"
  --do "from 5 until 20: transmission = 5%"
  --do "when reached_share > 0.1: transmission = 0.02"
  --do "at 8: seed 100"
  --do "at 3: mood = 2 for 10% where country = NGA and age_band = 15-19"
  --do "at 4: broadcast by largest"

\b
A scenario has the keys model, preset, agents, population, network, directed,
strict, seed, steps, [parameters] and interventions (a list of such lines).
What is typed wins over it: ecumene run scenario.toml --seed 2
"""


@click.command("run", epilog=EXAMPLES)
@click.argument("model", required=False, metavar="MODEL|SCENARIO")
@click.option("--scenario", metavar="FILE", help="A TOML or YAML file of all this; see below.")
@click.option("--agents", metavar="N", help="How many agents: 10_000, 1e6, 10M, 8.2B.")
@click.option(
    "--steps", metavar="T", help="At most how many steps; default: until nothing changes."
)
@click.option(
    "--seed", metavar="S", default="0", show_default=True, help="Which luck: a whole number."
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Set a parameter.")
@click.option(
    "--do",
    "changes",
    metavar='"MOMENT: CHANGE"',
    multiple=True,
    help="Change something while it runs; examples below.",
)
@click.option("--preset", metavar="P", help="A named set of parameters of the model.")
@click.option(
    "--population",
    metavar="world|ISO3[,ISO3...]|FILE",
    help="Whose people: the world's, some countries', or a CSV or Parquet file of persons, "
    "resampled by its column `weight` if it has one.",
)
@click.option(
    "--network",
    metavar="FILE|NETWORK",
    help="Whose ties: an edge list (Parquet, CSV, SNAP text), which sets the number of agents; or "
    'a computed network, such as "small_world(10, 0.1)".',
)
@click.option("--directed/--undirected", default=None, help="How to read the network's ties.")
@click.option("--strict", is_flag=True, help="Refuse self-loops, duplicates and odd ids in it.")
@click.option("--threads", metavar="n", help="On how many cores; default: all.")
@click.option("--shards", metavar="n", default="1", help="In how many parts; same results.")
@click.option("--backend", metavar="|".join(BACKENDS), default="cpu", show_default=True)
@click.option(
    "--audit",
    metavar="P",
    type=click.FloatRange(0, 1, min_open=True),
    help="Put this share of decisions to a model.",
)
@click.option(
    "--audit-calls", metavar="N", type=click.IntRange(1), default=100, help="At most so many calls."
)
@click.option("--base-url", metavar="URL", help="The endpoint of an audit.")
@click.option("--language-model", metavar="M", default="model", help="The model of an audit.")
@every_option
@keep_option
@click.option("--fresh", is_flag=True, help="Compute again; exit 1 if the stored digest differs.")
@out_option
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool, **options: Any) -> None:
    """Run MODEL, or what a SCENARIO file says, and keep what came out.

    `ecumene models` lists the models, `ecumene models MODEL` its parameters.
    """
    audited = {name: options.pop(name) for name in AUDIT}
    ask = _audit(audited)
    run = asked_for(context, options, context.obj)
    audit = ask(run) if ask else {}
    if as_json:
        from .summary import json_record

        print_json({**json_record(run.record), **audit})
        say(f"report: {run.report_path}")
    else:
        from .summary import summary

        click.echo(summary(run.record, run.report_path))
        for name, said in audit.get("audit", {}).items():
            drift = "no answer" if said["drift"] is None else f"{said['drift']:.4f} bits"
            click.echo(f"audit of {name}: {said['answered']} decisions, {drift} from its table")


def asked_for(context: click.Context, options: dict[str, Any], typed: str) -> Run:
    """The finished run that a command's options ask for."""
    kept = {name: value for name, value in options.items() if name not in AUDIT}
    return _run(typed, **_with_scenario(context, kept))


def _audit(options: dict[str, Any]) -> Callable[[Run], dict[str, Any]] | None:
    """What puts a share of a run's decisions to a language model; the run is not touched."""
    if options["audit"] is None:
        return None
    from ..run.audit import audit
    from .policy import endpoint_of

    asked = options["audit"], options["audit_calls"], endpoint_of(options)
    language_model = options["language_model"]

    def ask(run: Run) -> dict[str, Any]:
        kept = f"{run.path.name}.audit.jsonl"
        return {"audit": audit(run, *asked, language_model, kept)}

    return ask


def _with_scenario(context: click.Context, options: dict[str, Any]) -> dict[str, Any]:
    """The options with those of a scenario's file, if one is named, below what was typed."""
    from .scenario import Scenario, is_scenario, merged, read_scenario

    file = options["scenario"]
    if options["model"] is not None and is_scenario(options["model"]):
        if file is not None:
            raise click.UsageError("Two scenarios are named; type one.", context)
        file, options["model"] = options["model"], None
    typed = {
        name
        for name in options
        if options[name] is not None
        and context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    }
    found = merged(read_scenario(file) if file else Scenario(), options, typed)
    if found.options["model"] is None:
        said = f"the scenario {file} names no model; type `model = ...` in it" if file else ""
        raise click.UsageError(said or "Missing argument 'MODEL'.", context)
    for line in found.said:
        say(f"scenario: {line}")
    return dict(found.options)


def _run(typed: str, **options: Any) -> Run:
    """The finished run that was asked for: all that was typed is checked before it starts."""
    from ..engine import notices, parse_intervention
    from ..run import run
    from .build import Wish, build_model
    from .plan import describe
    from .progress import progress
    from .rebuild import kept, made_of
    from .scenario import told

    how = _how(options)
    model = build_model(Wish(**{field: options[field] for field in Wish.__dataclass_fields__}))
    planned: list[Intervention] = []
    for line, place in options["changes"]:
        with told(place):
            planned.append(parse_intervention(line, model))
    for notice in notices(planned, model, how["steps"] or model.max_steps):
        say(f"change: {notice}")

    with progress(how["steps"], model.step_unit) as show:
        return run(
            model,
            **how,
            interventions=planned,
            fresh=options["fresh"],
            out=options["out"],
            preset=options["preset"],
            command=typed,
            made=made_of(options),
            **kept(options),
            notice=lambda text: say(f"checkpoint: {text}"),
            progress=show,
            before=lambda plan: say(describe(plan, model)),
        )


def _how(options: dict[str, Any]) -> dict[str, Any]:
    """What says how to run and not what: numbers in their ranges, a backend that exists."""
    from ..engine.sizes import parse_whole
    from ..errors import ParameterError, unknown
    from .scenario import told

    def whole(name: str, low: int, high: int) -> int | None:
        text, place = options[name], options["places"].get(name)
        with told(place):
            what = f"`{name}`" if place else f"`--{name}`"
            return None if text is None else parse_whole(text, what, low, high)

    if options["backend"] not in BACKENDS:
        raise ParameterError(unknown("backend", options["backend"], BACKENDS))
    return {
        "seed": whole("seed", 0, LARGEST_SEED),
        "steps": whole("steps", 1, MOST_STEPS),
        "threads": whole("threads", 1, MOST_WORKERS),
        "shards": whole("shards", 1, MOST_WORKERS),
        "backend": options["backend"],
    }
