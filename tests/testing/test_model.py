"""`check_model` finds what it says it looks for, and passes what keeps the laws."""

from dataclasses import dataclass, replace

import pytest

import ecumene as ec
from ecumene.errors import ModelError
from ecumene.models import MODELS
from ecumene.networks import Explicit
from ecumene.testing import CheckError, check_model

from ..societies import society

CASCADE = MODELS["cascade"]


def test_the_ready_model_keeps_the_laws():
    found = check_model(
        CASCADE,
        agents=400,
        steps=30,
        transmission=0.2,
        only_adds={"transmission": "reached_at"},
        intensive=["reached_share"],
    )
    assert [check.law for check in found if check.passed] == [
        "same bits",
        "seeded",
        "placebo",
        "only adds",
        "size invariance",
    ]
    assert "not asked conserved" in str(found)


@pytest.mark.slow
def test_a_society_of_every_kind_of_rule_keeps_them():
    assert not check_model(society(ec.matchings(3), 60), steps=4).broken


@ec.agent_rule(on=ec.everyone, writes="cash")
def earn(me, env, model, key):
    return me.cash + model.leak * (ec.integer(key, 50) == 7)


@ec.model
def purse(agents: ec.Count = ec.parameter(100, help="agents"), leak: ec.Count = ec.parameter(0)):
    """Money that leaks when it is told to."""
    return ec.Model(
        populations={"people": ec.Population(agents, cash=ec.whole(5, high=10_000))},
        phases=[[earn]],
        measures={"cash": ec.mean("cash"), "agents": ec.count("cash", anything)},
    )


def anything(value):
    return value >= 0


def test_money_that_leaks_is_found():
    check_model(purse, conserved=["cash"])
    with pytest.raises(CheckError, match=r"BROKEN +conserved +`cash` was 500 and is 50\d after"):
        check_model(purse, leak=1, conserved=["cash"])


def test_what_is_conserved_may_be_a_function():
    def total(simulation):
        return int(simulation.column("cash").sum())

    assert check_model(purse, conserved=[total])[3].passed
    with pytest.raises(CheckError, match="`total` was 500"):
        check_model(purse, leak=1, conserved=[total])


def test_a_measure_that_grows_with_the_number_of_agents_is_found():
    check_model(purse, leak=1, intensive=["cash"])
    with pytest.raises(CheckError, match=r"`agents` is 100 at 100 agents and 400 at 400: inf"):
        check_model(purse, intensive=["agents"])


@ec.tie_rule(over="contacts", active="reached_now", into="heard", luck="each")
def pass_on_each_time(me, tie, env, model, key):
    return ec.chance(key if model.transmission < 0.3 else ec.fold(key, 1), model.transmission)


@ec.agent_rule(on=ec.reached_by(pass_on_each_time), writes=("reached_at", "reached_now"))
def hear(me, env, model, key):
    return (env.step, True) if me.reached_at == ec.NEVER else (me.reached_at, False)


@ec.model
def unpaired(
    agents: ec.Count = ec.parameter(300, help="agents"),
    transmission: ec.Probability = ec.parameter(0.2, help="chance"),
):
    """A cascade whose luck hangs on the chance, so that raising it loses agents."""
    built = CASCADE.build(agents=agents, transmission=transmission)
    return replace(built, phases=[[pass_on_each_time], [hear]])


def test_a_raise_that_loses_agents_is_found():
    with pytest.raises(CheckError, match=r"raising `transmission` from 0.2 to 0.6 took"):
        check_model(unpaired, steps=3, only_adds={"transmission": "reached_at"})


@dataclass(frozen=True)
class OneWay:
    """Explicit ties whose reverse says that nobody reaches anybody."""

    inner: Explicit

    notices = ()

    def lowered(self, agents, key):
        return replace(self.inner.lowered(agents, key), reverse_degree=no_ties)

    def identity(self):
        return self.inner.identity()


def no_ties(net, i):
    return 0


def test_a_network_whose_reverse_is_another_breaks_the_same_bits():
    from ..societies import explicit

    ring = OneWay(explicit(50, [(i, (i + 1) % 50) for i in range(50)]))
    model = replace(CASCADE.build(agents=50, transmission=1.0), networks={"contacts": ring})
    with pytest.raises(CheckError, match=r"same bits +reference here, .*pull there: step 1"):
        check_model(model)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"conserved": ["cahs"]}, "Did you mean `cash`"),
        ({"only_adds": {"leek": "cash"}}, "Did you mean `leak`"),
        ({"intensive": ["csh"]}, "Did you mean `cash`"),
        ({"agents": 10**6}, "1,000,000 agents are too many"),
    ],
)
def test_what_is_asked_wrongly_is_refused(how, said):
    with pytest.raises(ModelError, match=said):
        check_model(purse, **how)


def test_a_model_that_is_built_takes_no_parameters_and_no_raises():
    for how in ({"agents": 3}, {"only_adds": {"leak": "cash"}}, {"intensive": ["cash"]}):
        with pytest.raises(ModelError, match="function"):
            check_model(purse.build(), **how)
