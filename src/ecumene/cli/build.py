"""From what was typed to a model: parameters, people and ties, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from ..engine import Model, ReadyModel
from ..engine.sizes import parse_size
from ..errors import ModelError, ParameterError, unknown
from ..models import MODELS
from ..networks import Network, Rows
from .computed import computed, is_computed
from .output import say
from .scenario import told
from .sources import read_background, read_rows
from .values import parse_settings


@dataclass(frozen=True)
class Wish:
    """What was typed after `ecumene run`, as far as it describes the model."""

    model: str
    agents: str | None
    settings: Sequence[str]
    preset: str | None
    population: str | None
    network: str | None
    directed: bool | None
    strict: bool
    places: Mapping[str, str]  # where in a scenario an option stands that was not typed


def build_model(wish: Wish, quiet: bool = False) -> Model:
    """The model that was asked for, over its people and its network; `quiet`, without notices."""
    with _told(wish, "model"):
        ready = find_model(wish.model)
    values = _values(wish, ready)
    _check_options(wish)
    network = _network(wish, values)
    agents = network.agents if isinstance(network, Rows) else values.get("agents")
    background = None
    if wish.population is not None:
        otherwise = _preset(wish, ready).get("agents", ready.parameters["agents"].default)
        with _told(wish, "population"):
            background = read_background(wish.population, agents, otherwise)
        agents = background.size
    sized = values if agents is None else {**values, "agents": agents}
    model = ready.build(**{**_preset(wish, ready), **sized})
    if background is not None:
        model = model.with_background(background)
    if network is not None:
        with _told(wish, "network"):
            model = model.with_network(_only_network(model), network)
    for notice in () if quiet else model.notices:
        say(f"network: {notice}")
    return model


def find_model(name: str) -> ReadyModel:
    """The ready model of that name."""
    if name not in MODELS:
        own = " A model of your own runs from Python: ec.run(MODEL)." if ".py" in name else ""
        raise ParameterError(f"{unknown('model', name, MODELS)} Type `ecumene models`.{own}")
    return MODELS[name]


def _told(wish: Wish, option: str) -> AbstractContextManager[None]:
    """Let an error name the line of a scenario from which an option comes."""
    return told(wish.places.get(option))


def _preset(wish: Wish, ready: ReadyModel) -> Mapping[str, Any]:
    if wish.preset is None:
        return {}
    if wish.preset not in ready.presets:
        said = unknown(f"preset of {ready.name}", wish.preset, ready.presets)
        raise ParameterError(f"{said} Type `ecumene models {ready.name}`.")
    return ready.presets[wish.preset]


def _values(wish: Wish, ready: ReadyModel) -> dict[str, Any]:
    """The parameters typed after `--set` and `--agents`."""
    with _told(wish, "preset"):
        _preset(wish, ready)
    for setting in wish.settings:
        name = setting.partition("=")[0].strip()
        with _told(wish, f"parameter {name}"):
            for one, value in parse_settings([setting], ready.parameters).items():
                ready.parameters[one].checked(value)
    values = parse_settings(wish.settings, ready.parameters)
    if wish.agents is None:
        return values
    with _told(wish, "agents"):
        agents = parse_size(wish.agents)
    if values.setdefault("agents", agents) != agents:
        raise ParameterError(
            f"`--agents {wish.agents}` and `--set agents={values['agents']}` differ; type one."
        )
    return values


def _check_options(wish: Wish) -> None:
    told_of = next((o for o in ("directed", "strict") if o in wish.places), "")
    read = wish.network is not None and not is_computed(wish.network)
    if not read and (wish.directed is not None or wish.strict):
        option = "--strict" if wish.strict else "--directed" if wish.directed else "--undirected"
        with _told(wish, told_of):
            raise ParameterError(
                f"`{option}` says how to read a network; type `--network FILE` too."
            )


def _network(wish: Wish, values: Mapping[str, Any]) -> Rows | Network | None:
    """A computed network, or a file's rows: as large as the agents asked for, if any were."""
    if wish.network is None:
        return None
    with _told(wish, "network"):
        if is_computed(wish.network):
            return computed(wish.network)
        rows = read_rows(wish.network, wish.directed, wish.strict)
    if values.get("agents", rows.agents) != rows.agents:
        raise ParameterError(
            f"`--network {wish.network}` has {rows.agents:,} agents but {values['agents']:,} were "
            "asked for; leave `--agents` out, the network sets it."
        )
    return rows


def _only_network(model: Model) -> str:
    """The name of the network that a file replaces."""
    if len(model.networks) != 1:
        raise ModelError(
            f"model `{model.name}` has {len(model.networks)} networks; "
            "`--network` replaces the one of a model that has one."
        )
    return next(iter(model.networks))
