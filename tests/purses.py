"""Ten people with a purse each, and all that can be seen of what interventions do to them."""

import ecumene as ec

from .societies import background


def ended(model, **how):
    simulation = ec.Simulation(model, **{"seed": 1, **how})
    while simulation.step < 60 and simulation.advance():
        pass
    return simulation


def course(model, interventions=(), steps=6, **how):
    """All that can be seen: measures after each step, every column, digest, what happened."""
    simulation = ec.Simulation(model, interventions=interventions, **how)
    series = [simulation.measure()]
    while simulation.step < steps and simulation.advance():
        series.append(simulation.measure())
    columns = {name: simulation.column(name).tolist() for name in model.population.names}
    return simulation.step, simulation.digest(), series, columns, simulation.happened


def coins(phases=(), **more):
    """Ten people with a purse each, to whom nothing happens by itself."""
    return ec.Model(
        populations={
            "people": ec.Population(
                background(10), coins=ec.whole(5), at=ec.step_column(ahead=2), loud=ec.pulse()
            )
        },
        phases=phases,
        measures={
            "coins": ec.mean("coins"),
            "poor": ec.count("coins", poor),
            "by_town": ec.share("coins", poor, by="town"),
            "spread": ec.quantiles("coins", [0.5, 1.0]),
        },
        **more,
    )


def poor(amount):
    return amount < 5
