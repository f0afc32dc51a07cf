"""The models that the strategies generate: three small societies that share one set of columns.

Between them they use every kind of rule and every kind of column, so that a backend that runs them
all alike has been asked for everything. What differs between two members of a family is numbers
and networks, not rules: few kernels are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..engine import Model, sample_count, set_agents
from ..measures import count, mean, quantiles, share, total, value
from ..networks import Network
from ..population import NEVER, Population, happened, whole
from ..random import chance, fold, integer, uniform
from ..rules import (
    NOTHING,
    Rule,
    agent_rule,
    awake,
    changed,
    claim,
    encounter,
    environment_rule,
    flagged,
    meeting,
    reached_by,
    sample,
    tie_rule,
)

TOWNS = 4
STRENGTHS = ("talk", "doubt", "again", "noise", "share")

# -- along ties ------------------------------------------------------------------------------------


def doubt(me: Any, tie: Any, payload: Any, env: Any, model: Any, key: int) -> int:
    """What is made of a tale where it arrives, if it is believed."""
    return NOTHING if chance(key, model.doubt) else payload + (me.wealth + tie.number) % 7


@tie_rule(over="ties", active="loud", into="rumour", luck="once")
def whisper(me: Any, tie: Any, env: Any, model: Any, key: int) -> bool:
    """Passes something on, each tie tried once for life."""
    return chance(key, model.talk)


@tie_rule(over="ties", active="rich", into="gifts", combine="sum")
def give(me: Any, tie: Any, env: Any, model: Any, key: int) -> int:
    """Passes numbers on that add up."""
    return integer(key, 9) + me.wealth % 3 if chance(key, model.talk) else NOTHING


@tie_rule(over="ties", active="loud", into="tale", combine="pick", receive=doubt)
def tell(me: Any, tie: Any, env: Any, model: Any, key: int) -> int:
    """Passes numbers on of which one is picked by luck."""
    return env.step * 1000 + (me.wealth * 3 + tie.number) % 997


@agent_rule(on=reached_by(whisper), writes=("reached_at", "loud"))
def hear(me: Any, env: Any, model: Any, key: int) -> tuple[int, bool]:
    """Is reached once, and is loud then, or again by luck."""
    if me.reached_at == NEVER:
        return env.step, True
    return me.reached_at, chance(key, model.again)


@agent_rule(writes=("wealth", "mood", "rich"))
def live(me: Any, env: Any, model: Any, key: int) -> tuple[int, float, bool]:
    """Changes everybody a little in each step."""
    wealth = min(me.wealth + me.gifts % 50, 9000)
    if me.tale != NOTHING:
        wealth = max(wealth - me.tale % 5, -900)
    mood = me.mood * 0.75 + (uniform(key) - 0.5) * model.noise
    return wealth, mood, wealth % 7 > 3 or me.rumour


@agent_rule(on=changed("wealth"), writes="changes")
def notice(me: Any, env: Any, model: Any, key: int) -> int:
    """Counts how often somebody's wealth changed."""
    return min(me.changes + 1, 255)


# -- in pairs --------------------------------------------------------------------------------------


@meeting(within="town", shows="wealth", writes="wealth")
def trade(me: Any, other: Any, env: Any, model: Any, key: int) -> int:
    """Splits what two have who meet; nothing is lost."""
    both = me.wealth + other.wealth
    part = both * integer(key, 1000) // 1000
    return part if me.leads else both - part


@encounter(over="ties", shows=("mood", "wealth"), writes=("mood", "loud"), on=sample("share"))
def copy(me: Any, other: Any, env: Any, model: Any, key: int) -> tuple[float, bool]:
    """Takes half of a neighbour's mood over."""
    return (me.mood + other.mood) * 0.5 + uniform(key) * model.noise, other.wealth > me.wealth


@agent_rule(on=flagged("loud"), writes="town")
def move(me: Any, env: Any, model: Any, key: int) -> int:
    """Moves those who are loud to another town."""
    return (me.town + 1 + integer(key, TOWNS - 1)) % TOWNS


# -- for what there is too little of ---------------------------------------------------------------


@claim(capacity="seats", into="seat", on=flagged("rich"))
def sit(me: Any, env: Any, model: Any, key: int) -> tuple[int, int, int]:
    """Asks for seats in the agent's town; who has more comes first."""
    return me.town, 1 + integer(key, 3), me.wealth % 10


@agent_rule(on=reached_by(sit), writes=("wealth", "reached_at"))
def enjoy(me: Any, env: Any, model: Any, key: int) -> tuple[int, int]:
    """Pays for the seats that were granted."""
    return max(me.wealth - me.seat * 2, -900), env.step


@agent_rule(on=awake("wakes"), writes=("rich", "wakes", "changes"))
def rise(me: Any, env: Any, model: Any, key: int) -> tuple[bool, int, int]:
    """Wakes now and then, and is rich or not until it wakes again."""
    return chance(key, model.again), env.step + 1 + integer(key, 3), min(me.changes + 1, 255)


@environment_rule(writes="seats")
def open_again(env: Any, model: Any, key: int) -> tuple[int, ...]:
    """Sets out seats anew, more where more are wanted."""
    return tuple(2 + (env.by_town[town] + integer(fold(key, town), 5)) % 9 for town in range(TOWNS))


RULES: Mapping[str, Sequence[Sequence[Rule]]] = {
    "ties": ((whisper, give, tell), (hear, live), (notice,)),
    "pairs": ((trade, copy), (move,)),
    "claims": ((rise,), (sit,), (enjoy,), (open_again,)),
}


def above_ten(wealth: int) -> bool:
    """Whether a wealth is above ten."""
    return wealth > 10


def village(
    rules: str,
    people: Population,
    network: Network,
    strengths: Mapping[str, float],
    loud: int = 3,
    rich: int = 5,
) -> Model:
    """The society of `rules` (a name in `RULES`) over a population and a network of it."""
    has_claims = rules == "claims"
    by: Callable[..., Any] = count
    return Model(
        name=f"village of {rules}",
        populations={"people": people},
        networks={"ties": network},
        phases=RULES[rules],
        start=[
            set_agents(sample_count(min(loud, people.size)), loud=True),
            set_agents(sample_count(min(rich, people.size)), rich=True),
        ],
        measures={
            "reached": count("reached_at", happened),
            "wealth": mean("wealth"),
            "total": total("wealth", by="town"),
            "well_off": share("wealth", above_ten, by="town"),
            "moods": quantiles("mood", [0.0, 0.5, 1.0]),
            **({"seats": value("seats")} if has_claims else {}),
        },
        parameters={name: strengths.get(name, 0.5) for name in STRENGTHS},
        environment={"seats": whole(5, high=100, cells=TOWNS)} if has_claims else {},
        tallies={"by_town": by("rich", by="town")} if has_claims else {},
    )
