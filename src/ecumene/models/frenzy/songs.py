"""The Music Lab (Salganik, Dodds and Watts 2006): one list of songs in many worlds.

Listeners come one after another, each to one world by luck: a social world of weak influence
(the counts of downloads are seen), one of strong influence (the list is ranked by them), or one
that sees neither. Who came hears a few songs, one a step, and downloads what it likes; how many
of those who hear a song like it is the same in all worlds.

Weak: heard in proportion to (downloads + weak_floor) ** weak_power. Strong: in proportion to
strong_floor + exp(-rank / strong_reach), where rank 0 is the most downloaded.
"""

import ecumene as ec

from .curves import normal_quantile, poisson

ALONE = 4  # Groups of those who see nothing, each as large as a world: a fifth, as in the paper.
NOTHING = 4095  # The cell of those who download nothing in a step.
FRESH = 255  # Who has not come yet does not know how many songs it will hear.
STEPS = 1000  # Where the draws of a step begin among a listener's draws.


@ec.environment_rule(writes=("downloads", "ranges"))
def keep_charts(env, model, key):
    """Count the last step's downloads; lay each world's chances to be heard end to end."""
    songs, worlds = model.songs, 2 * model.worlds + ALONE
    downloads = [env.downloads[c] + env.took[c] for c in range(songs * worlds)]
    ranges = [env.ranges[c] for c in range(songs * worlds)]
    for world in range(worlds):
        first, total, new = world * songs, 0.0, env.step == 0
        for c in range(first, first + songs):
            new = new or env.took[c] > 0
        for song in range(songs if new else 0):
            total = total + weight(downloads, world, first, song, model)
            ranges[first + song] = total
    return tuple(downloads), tuple(ranges)


def weight(downloads, world, first, song, model):
    """How likely a song is to be heard in a world, beside the others."""
    own = downloads[first + song]
    if world < model.worlds:
        return ec.exp(model.weak_power * ec.log(own + model.weak_floor))
    if world >= 2 * model.worlds:
        return 1.0
    rank = 0
    for other in range(model.songs):
        more = downloads[first + other]
        rank += 1 if more > own or (more == own and other < song) else 0
    return model.strong_floor + ec.exp(-rank / model.strong_reach)


@ec.agent_rule(
    on=ec.awake("listens_at"), writes=("listens_at", "left", "heard", "cell", "took"), luck="once"
)
def listen_to(me, env, model, key):
    left = me.left
    if left == FRESH:
        left, u = 0, ec.uniform(key, 1)
        while env.fewer[left] <= u:
            left += 1
    if left == 0:
        return ec.NEVER, 0, me.heard, NOTHING, False
    step = ec.fold(key, STEPS + env.step)
    first = ec.integer(key, 2 * model.worlds + ALONE, 2) * model.songs
    u = ec.uniform(step) * env.ranges[first + model.songs - 1]
    song = 0
    while song < model.songs - 1 and env.ranges[first + song] <= u:
        song += 1
    known = (me.heard >> song) & 1 == 1
    likes = not known and ec.chance(step, env.appeal[song], 1)
    heard = me.heard if known else me.heard + (1 << song)
    return env.step + 1, left - 1, heard, first + song if likes else NOTHING, likes


def described(p, **common):
    """The model of this mechanism for the parameters `p`."""
    songs, worlds = p["songs"], 2 * p["worlds"] + ALONE
    if songs * worlds > NOTHING:
        raise ec.EcumeneError(
            f"{songs} songs in {worlds} worlds are {songs * worlds} charts to keep, and there is "
            f"room for {NOTHING}; set fewer songs or worlds."
        )
    last = p["agents"] // worlds  # One listener a step in each world, on average.
    common.update(max_steps=last + 60, step_unit="song")
    return ec.Model(
        populations={
            "listeners": ec.Population(
                p["agents"],
                listens_at=ec.wake_column(first=ec.between(0, last)),
                left=ec.whole(FRESH),
                heard=ec.whole(high=(1 << songs) - 1),
                cell=ec.whole(NOTHING, high=NOTHING),
                took=ec.flag(),
            )
        },
        environment={
            "downloads": ec.whole(high=10**10, cells=songs * worlds),
            "ranges": ec.real(cells=songs * worlds),
            "appeal": ec.real(cells=appeal(songs, p["quality"], p["quality_spread"])),
            "fewer": ec.real(cells=fewer(p["songs_heard"])),
        },
        tallies={"took": ec.count("took", by="cell")},
        phases=[[keep_charts], [listen_to]],
        measures={"downloads": ec.value("downloads")},
        **common,
    )


def appeal(songs, mean, spread):
    """The chance that a song is liked: logit-normal, as many equally likely quantiles as songs."""
    logits = [mean + spread * normal_quantile((song + 0.5) / songs) for song in range(songs)]
    return [1.0 / (1.0 + ec.exp(-logit)) for logit in logits]


def fewer(mean):
    """The share of listeners that hears 0, at most 1, at most 2, ... songs."""
    total, shares = 0.0, []
    for share in poisson(mean).values():
        total = total + share
        shares.append(total)
    return [*shares[:-1], 1.0]
