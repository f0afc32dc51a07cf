"""What a run of the trust game is held against."""

from .reputation import ALL_THREE

NORTH, SOUTH = "Northern America", "Africa"


def score(outcome):
    """The experiment's means with their intervals, by what was played."""
    m, p = outcome.measures, outcome.parameters
    pairs = max(1, outcome.agents // 2)
    reach = 1.96 * 0.33 / pairs**0.5  # a share sent has an SD of about 0.33
    if p["dictator"]:
        return {"given over endowment": (m["sent"], m["sent"] - reach, m["sent"] + reach)}
    if p["reputation"] == ALL_THREE:
        trust = [m["sent_by_arm"][str(arm)] / 10 / m["led_by_arm"][str(arm)] for arm in range(3)]
        wide = reach * 6**0.5  # differences between thirds
        gains = (trust[1] - trust[0], trust[2] - trust[1])
        names = ("feedback minus strangers", "partners minus feedback")
        return {
            f"{name} in buyers' trust": (gain, gain - wide, gain + wide)
            for name, gain in zip(names, gains, strict=True)
        }
    if p["reputation"] or m["sent"] is None or m["returned"] is None:
        return {}
    some = m["sent_something"]
    near = 1.96 * (some * (1 - some) / pairs) ** 0.5
    found = {
        "sent over endowment": (m["sent"], m["sent"] - reach, m["sent"] + reach),
        "returned over available": (m["returned"], m["returned"] - reach, m["returned"] + reach),
        "senders who send something": (some, some - near, some + near),
    }
    return {**found, **by_region(m, reach * pairs**0.5)}


def by_region(m, one):
    """What is sent in the regions of the meta-analysis; `one` is the reach of a single sender."""
    means = {
        region: (m["tenths_by_region"][region] / 10 / led, one / led**0.5)
        for region, led in m["led_by_region"].items()
        if led
    }
    names = {"Europe": "Europe", "Northern America": "North America", "Asia": "Asia"}
    found = {
        f"sent in {names[r]}": (means[r][0], means[r][0] - means[r][1], means[r][0] + means[r][1])
        for r in names
        if r in means
    }
    if SOUTH in means and NORTH in means:
        gap = means[SOUTH][0] - means[NORTH][0]
        wide = (means[SOUTH][1] ** 2 + means[NORTH][1] ** 2) ** 0.5
        found["sent in Africa minus North America"] = (gap, gap - wide, gap + wide)
    return found
