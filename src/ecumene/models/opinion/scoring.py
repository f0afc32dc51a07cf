"""The scorecard: camps against those of the bounded-confidence models, and the field experiment."""

# Camps of 5 % or more among 1000, and their standard deviation between seeds, over 30 seeds.
BETWEEN_SEEDS = {
    (False, 0.1): 0.5,
    (False, 0.2): 0.0,
    (False, 0.3): 0.0,
    (True, 0.1): 0.5,
    (True, 0.2): 0.25,
    (True, 0.3): 0.0,
}


def score(outcome):
    """Camps at the tolerances of the table; what is seen and what it does, where it was asked."""
    found = camps(outcome)
    if outcome.measures.get("like_minded") is not None:
        seen = outcome.measures["like_minded"]
        reach = 1.96 * (seen * (1.0 - seen) / outcome.agents) ** 0.5
        found["like-minded share of what is seen"] = (seen, seen - reach, seen + reach)
    effect = outcome.measures.get("effect_of_treatment", {"difference": None})
    if effect["difference"] is not None:
        name = "change of attitude after cutting like-minded exposure by a third"
        found[name] = (effect["difference"], effect["low"], effect["high"])
    return found


def camps(outcome):
    """The number of camps where the table's condition holds: 1000 agents, anybody meets anybody."""
    given = outcome.parameters
    plain = given["degree"] == 0 and given["stubbornness"] == 0.0 and given["lowest"] == 0.0
    deviation = BETWEEN_SEEDS.get((given["averaging"], given["tolerance"]))
    if deviation is None or not plain or outcome.agents != 1000 or given["influence"] > 0.0:
        return {}
    number, reach = outcome.measures["camps"]["number"], 1.96 * deviation
    name = f"clusters of 5 percent or more at epsilon {given['tolerance']:.2f}"
    return {name: (number, number - reach, number + reach)}
