"""What a round is measured by: means over senders and receivers, masses, regions and arms."""

import ecumene as ec


def is_above_none(choice):
    """Whether one led and sent something; a choice is 1 more than the tenths sent."""
    return choice > 1


def is_half(choice):
    """Whether one led and sent half."""
    return choice == 6


def is_all(choice):
    """Whether one led and sent all."""
    return choice == 11


def tenths(choice):
    """Tenths sent, by who led."""
    return choice - (choice > 0)


def led(choice):
    """Whether one led."""
    return choice > 0


def measures(groups):
    """Means over senders and receivers of the last round, masses, regions and arms."""
    senders = ec.count("choice", led)
    arms = {
        "sent_by_arm": ec.count("choice", tenths, by="arm"),
        "led_by_arm": ec.count("choice", led, by="arm"),
    }
    return {
        "sent": ec.ratio(ec.count("choice", tenths), senders, unit=10),
        "returned": ec.ratio(ec.total("returned"), ec.count("choice", is_above_none), unit=1000),
        "sent_something": ec.ratio(ec.count("choice", is_above_none), senders),
        "sent_half": ec.ratio(ec.count("choice", is_half), senders),
        "sent_all": ec.ratio(ec.count("choice", is_all), senders),
        "earned": ec.total("earned"),
        "tenths_by_region": ec.count("choice", tenths, by="region"),
        "led_by_region": ec.count("choice", led, by="region"),
        **(arms if groups else {}),
    }
