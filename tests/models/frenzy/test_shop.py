"""The shop: what is conserved, where demand begins to hold itself up, what a change does."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import ecumene as ec
from ecumene.models import MODELS
from ecumene.models.frenzy import shop
from ecumene.testing import check_model

frenzy = MODELS["frenzy"]
NOTHING = {"scalpers": 0.0, "taste": 0.0, "scarcity": 0.0, "talk": 0.0}


def begun(seed=1, backend="cpu", interventions=(), **parameters):
    model = frenzy(**{"agents": 5_000, **parameters})
    return ec.Simulation(model, seed=seed, backend=backend, interventions=interventions)


def gone(steps, **how):
    """The simulation after some steps, and what was asked for in each."""
    simulation = begun(**how)
    asked = []
    for _ in range(steps):
        simulation.advance()
        asked.append(simulation.environment["asked"])
    return simulation, np.array(asked) / simulation.agents


def test_goods_and_money_are_conserved_to_the_unit(backend):
    simulation = begun(agents=400, scalpers=0.05, lifetime=1e6, bandwagon=900.0, backend=backend)
    delivered = int(0.01 * 400)
    for step in range(12):
        simulation.advance()
        delivered += int(0.01 * 400)
        stock, till = simulation.environment["stock"], simulation.environment["till"]
        kept = simulation.column("holds").sum() + simulation.column("stash").sum()
        assert kept + stock == delivered, step
        assert simulation.column("cash").sum() == -till
        assert simulation.environment["resale"] >= 0 == simulation.environment["sales"]
    assert simulation.column("cash").max() > 0  # a scalper has earned something


def test_all_backends_agree():
    one, two = (gone(8, agents=300, backend=b)[0].digest() for b in ("reference", "cpu"))
    assert one == two


felt = shop.feel.function


@ec.agent_rule(writes=shop.feel.writes, luck="once")
def feel(me, env, model, key):
    """`shop.feel`, but everybody weighs a purchase, however bad the first digit of their luck."""
    holds, _, turned, waited, memory = felt(me, env, model, key)
    return holds, True, turned, waited, memory


@pytest.mark.parametrize("changes", [{}, {"by_news": True, "talk": 0.5}, {"preset": "panic"}])
def test_whoever_does_not_weigh_a_purchase_would_not_have_bought(changes):
    given = {name: value for name, value in changes.items() if name != "preset"}
    values = {"value": 600.0, **frenzy.presets.get(changes.get("preset", ""), {}), **given}
    model = frenzy(**{**values, "agents": 700, "alarm_at": 3})
    everybody = [[feel if rule is shop.feel else rule for rule in p] for p in model.phases]
    ends = []
    for phases in (model.phases, everybody):
        simulation = ec.Simulation(replace(model, phases=phases), seed=4, backend="reference")
        asked = []
        for _ in range(12):
            simulation.advance()
            asked.append(simulation.environment["asked"])
        kept = {c: simulation.column(c).tolist() for c in ("holds", "asks", "waited", "cash")}
        ends.append((asked, kept, dict(simulation.environment)))
    assert ends[0] == ends[1] and min(ends[0][0]) > 0


def test_luck_is_logistic_within_two_thousandths():
    luck = shop.environment({**frenzy(agents=5).parameters})["luck"].first
    for u in np.linspace(shop.TAIL / shop.SLICES, 1 - shop.TAIL / shop.SLICES, 50_000)[:-1]:
        n = int(u * shop.SLICES)
        straight = luck[n] + (u * shop.SLICES - n) * (luck[n + 1] - luck[n])
        assert abs(straight - np.log(u / (1 - u))) < 0.002
    assert shop.logit(0.0) < -37 and shop.logit(1 - 2**-53) == pytest.approx(53 * np.log(2))


@pytest.mark.parametrize(("value", "taste"), [(1000.0, 0.0), (300.0, 0.0), (800.0, 150.0)])
def test_as_many_ask_as_a_logit_says(value, taste):
    """Of 200,000, in one step: the mean of logistic(worth) over the tastes, to three SDs."""
    changes = {"value": value, "taste": taste, "bandwagon": 0.0, "scalpers": 0.0}
    _, (asked,) = gone(1, agents=200_000, **changes)
    tastes = np.array(shop.environment({**frenzy(agents=5).parameters})["tastes"].first)
    share = (1 / (1 + np.exp(-(value + taste * tastes - 1000) / 100))).mean()
    assert abs(asked - share) < 3 * (share * (1 - share) / 200_000) ** 0.5


def test_nobody_pays_more_than_a_unit_is_worth_to_them():
    """The resale price is the lowest worth of those served: above the shop's, below any bid."""
    simulation = begun(scalpers=0.02, bandwagon=900.0)
    prices = []
    for _ in range(30):
        simulation.advance()
        if simulation.environment["offered"]:
            prices.append(simulation.environment["resale_price"])
            assert simulation.environment["floor"] <= 64
    assert prices and min(prices) >= 1000 and max(prices) <= 1000 + 62 * 25


def out_of_turn(queueing):
    """In how many steps somebody was served before somebody who had waited longer."""
    simulation = begun(queueing=queueing, bandwagon=900.0, scalpers=0.0)
    steps = 0
    for _ in range(15):
        before = simulation.column("waited") + simulation.column("asks")
        held = simulation.column("holds")
        simulation.advance()
        served, turned = simulation.column("holds") > held, simulation.column("asks")
        steps += bool(served.any() and turned.any() and before[served].min() < before[turned].max())
    return steps


def test_a_queue_serves_who_waited_longest_and_a_lottery_anybody():
    assert out_of_turn(queueing=True) == 0 and out_of_turn(queueing=False) > 5


# -- where several demands are stable ------------------------------------------------------------


def choosing(b, start, scarcity=0.0, delivery=1.0, steps=80):
    """What share asks in the end, where all choose anew in each step, from none or all who have it.

    The worth is such that half would buy if half did.
    """
    values = NOTHING | {"scarcity": scarcity, "delivery": delivery, "first_stock": delivery}
    value = 1000 - b / 2 - scarcity * max(0.0, 1 - 2 * delivery)
    how = {"bandwagon": b, "value": value, "lifetime": 1.0, "having": start, **values}
    return gone(steps, agents=6_000, queueing=False, **how)[1][-20:].mean()


def stable(b, scarcity=0.0, delivery=1.0, scale=100.0):
    """How far apart the stable demands are that the equation itself has."""
    ends = []
    for share in (0.0, 1.0):
        for _ in range(2000):
            short = max(0.0, 1 - delivery / share) if share > 0 else 0.0
            usual = max(0.0, 1 - 2 * delivery)
            worth = (b * (share - 0.5) + scarcity * (short - usual)) / scale
            share = 1 / (1 + np.exp(-worth))
        ends.append(share)
    return ends[1] - ends[0]


@cache
def begins(scarcity=0.0, delivery=1.0):
    """The bandwagon, in units of scale, from which two demands lie apart by more than a tenth."""
    low, high = 200.0, 600.0
    for _ in range(5):
        b = (low + high) / 2
        ends = [choosing(b, start, scarcity, delivery) for start in (0.0, 1.0)]
        low, high = (low, b) if ends[1] - ends[0] > 0.1 else (b, high)
    return (low + high) / 200


def test_two_demands_are_stable_from_four_times_the_scale():
    assert stable(395.0) < 0.02 and stable(420.0) > 0.3
    assert begins() == pytest.approx(4.0, abs=0.25)


def test_scarcity_brings_the_threshold_down():
    """With deliveries for two fifths, S rises with the share: fewer need to look at others."""
    equation = min(b for b in range(150, 500, 10) if stable(float(b), 100.0, 0.4) > 0.1)
    rule = 400 - 100 * 0.4 / 0.5**2  # b + scarcity x dS/dshare = 4 scale, at a share of a half
    found = begins(100.0, 0.4)
    assert found == pytest.approx(equation / 100, abs=0.25)
    assert found == pytest.approx(rule / 100, abs=0.5)
    assert found < begins() - 0.5


def test_above_it_worlds_part_and_below_they_do_not():
    """A distribution over worlds: from the unstable middle some go up and some go down."""
    ends = {
        b: [
            gone(60, seed=s, agents=2_000, bandwagon=b, value=1000 - b / 2, lifetime=1.0,
                 having=0.5, delivery=1.0, first_stock=1.0, **NOTHING)[1][-1]
            for s in range(8)
        ]
        for b in (200.0, 600.0)
    }  # fmt: skip
    assert np.std(ends[200.0]) < 0.03
    assert min(ends[600.0]) < 0.2 and max(ends[600.0]) > 0.8


# -- panic ---------------------------------------------------------------------------------------

PANIC = {**frenzy.presets["panic"], "agents": 20_000}


def surge(**changes):
    """How much more is bought on the highest day, and the part of it that more buyers explain."""
    simulation, _ = gone(75, **{**PANIC, **changes})
    days, buyers, units, _ = simulation.environment["normal"]
    most_buyers, most = simulation.environment["highest"]
    growth = most / (units / days)
    return growth - 1, np.log(most_buyers / (buyers / days)) / np.log(growth)


def test_a_surge_is_more_households_and_not_larger_baskets():
    growth, margin = surge()
    assert 0.7 < growth < 0.9 and margin > 0.7


def test_limits_per_trip_hardly_help():
    growth, _ = surge()
    for limit in (3, 2):
        limited, _ = surge(limit=limit)
        assert 0 <= growth - limited < 0.2 * growth


def test_without_alarm_there_is_no_surge_and_after_it_less_is_bought():
    assert surge(alarm=0.0)[0] < 0.06
    simulation, _ = gone(67, **PANIC)
    sold = []
    for _ in range(7):
        simulation.advance()
        sold.append(simulation.environment["sold"])
    days, _, units, _ = simulation.environment["normal"]
    assert np.mean(sold) < 0.85 * units / days  # stocks at home are used up first


# -- interventions, each against nothing under the same luck --------------------------------------

FRENZY = {"bandwagon": 800.0, "value": 440.0, "delivery": 0.01, "agents": 5_000}
CHANGES = {
    "restock": ec.at(8, ec.set_environment(stock=2_500)),
    "price": ec.at(8, ec.set_parameter(price=1250)),
    "calm": ec.at(8, ec.set_column("calmed", True, agents=ec.sample_share(0.8))),
    "rival": ec.at(8, ec.set_parameter(rival=300.0)),
    "limit": ec.at(8, ec.set_parameter(limit=1)),
}


@cache
def alone():
    return gone(30, **FRENZY)[1]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_after_it_and_not_before(name):
    _, changed = gone(30, interventions=[CHANGES[name]], **FRENZY)
    assert np.array_equal(changed[:8], alone()[:8])
    if name == "limit":
        assert changed[20:].mean() == pytest.approx(alone()[20:].mean(), rel=0.15)
    else:
        assert changed[20:].mean() < 0.8 * alone()[20:].mean()


def test_a_change_that_changes_nothing_is_none():
    nothing = [ec.at(8, ec.set_parameter(price=1000, rival=0.0, limit=255))]
    assert gone(15, interventions=nothing, **FRENZY)[0].digest() == gone(15, **FRENZY)[0].digest()


def test_without_scalpers_and_talk_their_parameters_say_nothing():
    quiet = {"scalpers": 0.0, "talk": 0.0}
    runs = [gone(10, **quiet, hoard=h, bots=b, hype=e)[0].digest() for h, b, e in
            ((5, 2, 1500.0), (9, 7, 1500.0))]  # fmt: skip
    assert runs[0] == runs[1]


# -- the second launch ---------------------------------------------------------------------------


def launches(**changes):
    values = {**frenzy.presets["two-launches"], **changes}
    _, asked = gone(104, **{"agents": 20_000, **values})
    return asked[:52], asked[52:]


def test_the_first_phone_sets_off_a_rush_and_the_next_does_not():
    first, second = launches()
    assert first.max() > 0.2 and second.max() < 0.5 * first.max()


def test_what_was_learnt_brings_the_second_queue_forward():
    learnt, second = launches()
    same, other = launches(lesson=0.0)
    assert np.array_equal(learnt, same)  # nothing is learnt before there was anything to learn from
    assert second[:3].sum() > other[:3].sum()


def test_a_phone_that_lasts_leaves_fewer_to_ask():
    short, long = (launches(lifetime=t)[1].sum() for t in (40.0, 400.0))
    assert long < short


def test_shares_do_not_hang_on_how_many_there_are():
    small = np.mean([gone(20, agents=2_000, seed=s)[1][-1] for s in range(16)])
    large = np.mean([gone(20, agents=16_000, seed=s)[1][-1] for s in range(4)])
    assert small == pytest.approx(large, rel=0.25)


@pytest.mark.slow
@pytest.mark.parametrize("preset", [None, "panic", "trust-gated", "mandate", "default-on"])
def test_it_keeps_the_laws(preset):
    values = {**frenzy.presets.get(preset, {}), "agents": 300}
    check_model(frenzy(**values), steps=12)
