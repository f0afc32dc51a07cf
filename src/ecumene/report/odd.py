"""The parts of a model's ODD page that follow from its code (Grimm et al. 2020, JASSS 23(2) 7).

A page has the protocol's seven elements. Elements 2 (entities), 3 (schedule), 5 (initialisation)
and 7 (submodels), the patterns of 1 and the observation of 4 are written here from the model; the
rest is written by hand around them. In the page each such part stands between two comments:

    <!-- generated: entities -->
    ...
    <!-- end of generated -->
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any

from ..backends import Tally
from ..engine import Model, Parameter, ReadyModel, Rule, Sample, each_alone, plan, settable
from ..errors import ModelError, unknown
from ..networks import Network
from ..population import NEVER, Stored
from ..rules import Claim, Encounter, Entry, EnvironmentRule, Meeting, Parting, Proposal, TieRule

SHOWN = 12  # Cells whose first values are listed one by one.
PART = re.compile(r"<!-- generated: (\w+) -->\n.*?<!-- end of generated -->\n", re.DOTALL)
KINDS = {
    "step": "a step, or never",
    "wake": "the step in which it wakes next, or never",
    "pulse": "true for the one step after it is set",
    "flag": "true or false",
    "int": "whole number",
    "float": "number",
}


def refreshed(page: str, ready: ReadyModel) -> str:
    """The page with its generated parts as the model's code has them now; all must be there."""
    written = parts(ready)
    missing = set(written) - set(PART.findall(page))
    if missing:
        raise ModelError(
            f"the ODD page of `{ready.name}` has no place for: {', '.join(sorted(missing))}. Add "
            "`<!-- generated: NAME -->` and `<!-- end of generated -->` where each belongs."
        )
    return PART.sub(lambda found: _placed(found[1], written), page)


def _placed(name: str, written: Mapping[str, str]) -> str:
    if name not in written:
        raise ModelError(unknown("generated part of an ODD page", name, written))
    return f"<!-- generated: {name} -->\n\n{written[name]}\n\n<!-- end of generated -->\n"


def parts(ready: ReadyModel) -> dict[str, str]:
    """Name -> Markdown of every generated part, with the parameters at their defaults."""
    model = ready.build()
    return {
        "patterns": _patterns(model),
        "entities": "\n\n".join(_entities(model)),
        "parameters": _parameters(ready.parameters.values(), ready.presets),
        "schedule": "\n\n".join(_schedule(model)),
        "observation": _observation(model),
        "initialisation": "\n".join(_initialisation(model)),
        "submodels": "\n\n".join(_submodels(model)),
    }


def _patterns(model: Model) -> str:
    rows = [
        [t.name, f"{t.low:g} to {t.high:g} {t.unit}", t.condition, t.role, t.status, t.source]
        for t in model.targets
    ]
    head = ["pattern", "range", "condition", "role", "status", "source"]
    return _table(head, rows) if rows else "No published number is held against this model."


def _entities(model: Model) -> list[str]:
    networks = [
        [f"`{n}`", *_among(model, n), ", ".join(_shape(net))] for n, net in model.networks.items()
    ]
    alone = (
        "" if model.environment or model.tallies else "The environment has one value, the step. "
    )
    among = ["among"] if len(model.populations) > 1 else []
    return [
        *_inhabitants(model),
        "Who may reach whom:",
        _table(["network", *among, "at the default parameters"], networks),
        *_environment(model),
        f"{alone}One step is one {model.step_unit}; a run takes "
        f"at most {model.max_steps:,}. There is no space but the network.",
    ]


def _inhabitants(model: Model) -> Iterable[str]:
    """Each population and the state of its agents."""
    several = len(model.populations) > 1
    for name, one in each_alone(model).items():
        columns = [[f"`{c}`", *_stored(s)] for c, s in one.population.stored.items()]
        arrivals = [
            [f"`{r.into}`", _brought(r), "nothing"]
            for r in _rules(one)
            if isinstance(r, TieRule | Claim)
        ]
        kind = f"Agents, `{name}`" if several else f"One kind of agent, `{name}`"
        yield f"{kind}; {one.agents:,} unless told otherwise. Their state:"
        yield _table(["variable", "values", "at first"], columns + arrivals)


def _among(model: Model, network: str) -> list[str]:
    return [f"`{model.home(network)}`"] if len(model.populations) > 1 else []


def _shape(network: Network) -> list[str]:
    return [f"{k} {v}" for k, v in network.identity().items() if k != "rounds"]


def _brought(rule: TieRule | Claim) -> str:
    if isinstance(rule, Claim):
        return f"units of `{rule.capacity}` granted to `{rule.name}` in this step"
    return f"what `{rule.name}` brought in this step ({rule.combine})"


def _cells(first: Sequence[Any]) -> str:
    """What cells hold at first; of many, their range."""
    if len(first) > SHOWN:
        return f"{min(first):.4g} to {max(first):.4g}"
    return ", ".join(map(str, first))


def _environment(model: Model) -> list[str]:
    rows = [
        [
            f"`{name}`",
            (f"{stored.cells} cells, each a " if stored.cells else "") + _stored(stored)[0],
            _cells(stored.first) or _stored(stored)[1],
        ]
        for name, stored in model.environment.items()
    ]
    rows += [
        [f"`{name}`", ", ".join(map(_watched, m.tallies)), "kept up to date"]
        for name, m in model.tallies.items()
    ]
    table = [_table(["value", "values", "at first"], rows)]
    return ["The environment: the step, and", *table] if rows else []


def _stored(column: Stored) -> list[str]:
    limits = f" from {column.low:,} to {column.high:,}" if column.kind == "int" else ""
    if column.link:
        return [f"one of `{column.link}`, or nobody", "nobody"]
    first = "never" if column.holds_steps and column.default == NEVER else str(column.default)
    if column.drawn:
        first = f"{column.low:,} to {column.high:,}, drawn by luck"
    return [KINDS[column.kind] + limits, first.lower()]


def _parameters(parameters: Iterable[Parameter], presets: Mapping[str, Mapping[str, Any]]) -> str:
    head = ["parameter", "type and range", "default", "unit", "meaning", "source", "reshapes"]
    table = _table(head, [_parameter(p) for p in parameters])
    named = [
        f"- preset `{name}`: " + ", ".join(f"`{n}` = {v}" for n, v in values.items())
        for name, values in presets.items()
    ]
    return "\n".join([table, "", *named]).rstrip()


def _parameter(p: Parameter) -> list[str]:
    limits = "" if p.low is None or p.high is None else f", {p.low:,.15g} to {p.high:,.15g}"
    shown = f"{p.default:,}" if p.kind == "int" else str(p.default)
    words = [p.unit, p.help, p.source or "none: a free choice"]
    return [f"`{p.name}`", p.kind + limits, shown, *words, "yes" if p.reshapes else "no"]


def _schedule(model: Model) -> list[str]:
    rows = plan(model).table()
    shown = ["phase", "rule", "for", "reads", "writes", "luck"]
    table = _table(shown, [[row[name] for name in shown] for row in rows])
    return [
        table,
        "All rules of a phase see the same moment; what they write is seen by the next phase.",
        model.synchrony or "Nothing is said on what acting at the same moment changes.",
        _from_outside(model),
        f"It ends when nothing can change any more, at the latest after {model.max_steps:,} steps.",
    ]


def _from_outside(model: Model) -> str:
    names = ", ".join(f"`{name}`" for name in settable(model))
    return (
        "Interventions, if a run has any, are made at the beginning of a step, before the first "
        f"phase. Parameters that they may set: {names or 'none'}."
    )


def _observation(model: Model) -> str:
    rows = [
        [
            f"`{name}`",
            ", ".join(
                [
                    *map(_watched, m.tallies),
                    *(f"`{c}`" for c in m.columns),
                    *(f"the environment's `{e}`" for e in m.environment),
                ]
            ),
            "every step" if m.every == 1 else f"every {m.every} steps",
        ]
        for name, m in model.measures.items()
    ]
    return _table(["measure", "looks at", "taken"], rows)


def _watched(tally: Tally) -> str:
    which = f", agents for whom it has `{tally.predicate.__name__}`" if tally.predicate else ""
    of = f" of `{tally.of}`" if tally.of else ""
    return f"`{tally.column}`{of}{which}" + (f", by `{tally.group}`" if tally.group else "")


def _initialisation(model: Model) -> list[str]:
    several = len(model.populations) > 1
    lines = list[str]()
    for name, population in model.populations.items():
        firsts = ", ".join(f"`{c}` {_stored(s)[1]}" for c, s in population.stored.items())
        lines.append(f"- {f'all `{name}`' if several else 'everybody'}: {firsts}")
    for start in model.start:
        values = ", ".join(f"`{name}` = {str(v).lower()}" for name, v in start.values.items())
        of = f" of `{model.named(start.of)}`" if several else ""
        lines.append(f"- {_who(start.agents)}{of}: {values}")
    return [*lines, "", "The numbers are those of the default parameters."]


def _who(sample: Sample) -> str:
    if sample.agents:
        return "agents " + ", ".join(f"{agent:,}" for agent in sample.agents)
    return f"{sample.count:,} agents drawn by luck"


def _submodels(model: Model) -> Iterable[str]:
    for rule in _rules(model):
        functions = [f for f in _functions(rule) if f is not None]
        helpers = dict.fromkeys(h for f in functions for h in _neighbours(f))
        text = "\n\n\n".join(inspect.getsource(f).rstrip() for f in (*helpers, *functions))
        file = f"{functions[0].__module__.replace('.', '/')}.py"
        yield f"### `{rule.name}`, {_kind(rule)}"
        yield f"<!-- not run: it is the text of {file} -->\n```python\n{text}\n```"


def _kind(rule: Rule) -> str:
    if isinstance(rule, Encounter | Meeting):
        return rule.kind
    if isinstance(rule, Claim):
        return "claim"
    if isinstance(rule, Entry):
        return "entry"
    if isinstance(rule, Proposal | Parting):
        return type(rule).__name__.lower()
    kind = "tie" if isinstance(rule, TieRule) else "agent"
    return "environment rule" if isinstance(rule, EnvironmentRule) else f"{kind} rule"


def _rules(model: Model) -> list[Rule]:
    return [rule for phase in model.phases for rule in phase]


def _functions(rule: Rule) -> Sequence[Callable[..., Any] | None]:
    if isinstance(rule, Entry):
        return (rule.function, rule.begins)
    return (rule.send, rule.receive) if isinstance(rule, TieRule) else (rule.function,)


def _neighbours(
    function: Callable[..., Any], callers: Sequence[Callable[..., Any]] = ()
) -> list[FunctionType]:
    """The functions of its own file that it calls, those they call before them."""
    found: list[FunctionType] = []
    # Python also names those of which it reads an attribute: `model.NAME` within the function NAME.
    for used in inspect.getclosurevars(function).globals.values():
        ours = isinstance(used, FunctionType) and used.__module__ == function.__module__
        if ours and used not in (*callers, function):
            found += [*_neighbours(used, (*callers, function)), used]
    return found


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in cells)
