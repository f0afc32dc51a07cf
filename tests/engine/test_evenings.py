"""Places with capacity: who got a seat by a claim meets those who got one at the same place."""

import pytest

import ecumene as ec


@ec.agent_rule(writes="bar")
def go_out(me, env, model, key):
    return ec.integer(key, 3) if ec.chance(key, model.going, 1) else 3


@ec.claim(capacity="seats", into="seat")
def sit(me, env, model, key):
    return me.bar, 1 if me.bar < 3 else 0, 0


@ec.meeting(within="bar", shows="bar", writes="met", on=ec.reached_by(sit))
def meet(me, other, env, model, key):
    return me.met + 1 if other.bar == me.bar else 99


@ec.environment_rule(writes="seats")
def close(env, model, key):
    return tuple(5 for _ in range(4))


EVENINGS = ec.Model(
    populations={"people": ec.Population(60, bar=ec.whole(high=3), met=ec.whole(high=99))},
    phases=[[go_out], [sit], [meet], [close]],
    environment={"seats": ec.whole(5, cells=4, high=9)},
    measures={"met": ec.total("met")},
    parameters={"going": 0.5},
)


def evenings(**how):
    simulation = ec.Simulation(EVENINGS, seed=2, **how)
    seen = []
    for _ in range(4):
        simulation.advance()
        seen.append((simulation.digest(), simulation.measure()["met"]))
    return seen


@pytest.mark.parametrize("shards", [1, 3])
def test_those_who_got_a_seat_meet_and_nobody_else(shards):
    found = evenings(shards=shards)
    assert found == evenings(backend="reference")
    # Three bars of five seats, all taken: two pairs in each, and one who is left over.
    assert [met for _, met in found] == [12, 24, 36, 48]
