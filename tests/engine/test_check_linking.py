"""What would cross to nothing, or cost too much, is refused before anything is allocated."""

from dataclasses import replace

import pytest

import ecumene as ec
from ecumene.errors import ModelError

from ..economies import apply, economy, look_around, manage


def people(**columns):
    """The economy with other or more columns of people."""
    given = economy()
    kept = {**given.population.stored, **columns}
    return {**given.populations, "people": ec.Population(given.population.background, **kept)}


def shown(*columns):
    return {"populations": people(employer=ec.link("firms", shows=columns))}


@ec.agent_rule(writes="pay")
def misread(me, env, model, key):
    return me.employer_wge


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phases": [[misread]]}, "column named `employer_wge`;"),
        ({"phases": [[misread]]}, "Did you mean `employer_wage`?"),
        (shown("wge"), "link `employer` of people shows no column named `wge`;"),
        (
            {"populations": people(employer_mood=ec.real())},
            "shows `mood` as `employer_mood`, which is a column of people already",
        ),
        ({"reads_anybody": {"wage": "firms.wge"}}, "firms have no column named `wge`;"),
        ({"reads_anybody": {"wage": "firmz.wage"}}, "no population named `firmz`;"),
        ({"reads_anybody": {"highest": "firms.wage"}}, "cannot be called `highest`"),
        ({"groups": {"staff": ec.group("employr")}}, "group `staff` is by no column of whole num"),
        ({"groups": {"staff": ec.group("employer", of="firm")}}, "group `staff` is of no populati"),
        ({"groups": {"staff": ec.group("employer", weight="joined")}}, "is weighed by no stored"),
        (
            {"tallies": {"wage": ec.total("pay", by="employer")}},
            "tally `wage` is a column of its own already",
        ),
        (
            {"tallies": {"x": ec.count("employer", by="employer")}},
            'type ec.count("employer", ec.po',
        ),
        ({"measures": {"x": ec.mean("employer")}}, "watches the link `employer`"),
        ({"phases": [[replace(apply, capacity="firms.vacncies")]]}, "Did you mean `firms.vacancie"),
        (
            {"phases": [[replace(apply, capacity="firms.wage")]]},
            "claims no column of whole numbers",
        ),
        ({"phases": [[look_around], [apply, manage]]}, "`apply` and `manage` write `vacancies` in"),
    ],
)
def test_what_crosses_to_nothing_is_refused(changes, words):
    with pytest.raises(ModelError) as caught:
        ec.plan(economy(**changes))
    assert words in str(caught.value)


def test_a_link_points_to_a_population_that_there_is():
    with pytest.raises(ModelError) as caught:
        economy(populations=people(employer=ec.link("firmz")))
    assert "column `employer` of people points to no population named `firmz`" in str(caught.value)


def test_what_anybody_reads_is_held_by_every_shard_and_refused_above_a_size():
    many = ec.Population(20_000_000, wage=ec.whole())
    model = ec.Model(
        populations={"people": ec.Population(5), "firms": many},
        phases=[],
        reads_anybody={"wage": "firms.wage"},
    )
    with pytest.raises(ModelError) as caught:
        ec.plan(model)
    assert str(caught.value).startswith(
        "`wage` would be read of anybody: 8 bytes for each of 20,000,000 firms are 160,000,000 on "
        "every shard, and at most 134,217,728 (16,777,216 agents) are held there."
    )


def test_lanes_refuse_what_looks_at_all_agents():
    alone = ec.Population(5, friend=ec.link("people", shows="says"), says=ec.whole())
    with pytest.raises(ModelError, match="lanes know no links that show"):
        ec.run_lanes(ec.Model(populations={"people": alone}, phases=[]), 2)
