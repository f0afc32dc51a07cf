"""What is said with every result."""

SYNCHRONY = (
    "All of a step see the same moment: whoever adopts or asks in it does not yet know who else "
    "does. Shorter steps bring adoption by hazard nearer to Bass's equation (its error is halved "
    "with the step); a step of the shop is a trip, in which people decide once."
)
LIMITS = [
    "It can tell which mechanism gives which course, how an intervention changes it under the "
    "same luck, and how far two worlds differ by luck alone.",
    "It cannot tell what a given phone will sell: what a unit is worth, the bandwagon and the "
    "scarcity are free choices in units of coins, and no sales were fitted.",
    "Bass's p and q are fitted to sales after the fact; early in an adoption they are not known.",
    "One course is one world: where demand pulls itself up, another seed gives another.",
]
