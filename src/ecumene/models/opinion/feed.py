"""What a recommender shows: for readers of each bin, how likely a post of each bin is.

Posts are written by everybody. The chronological feed draws one of them; of the others, `similar`
draws it in proportion to exp(-d/reach), d being how far author and reader are apart, `outraging`
to how far the author is from the middle, `bridging` to d, among those within the tolerance. The
author is an agent of the bin drawn, known by the mean opinion of the bin: a sixty-fourth of the
range is the resolution. A step costs a look at each pair of bins that are not empty.
"""

import ecumene as ec

from .opinions import ONE, POSTS


def mean_opinions(totals, people):
    """The mean opinion of each bin, 0 for empty ones."""
    return tuple(t // n if n > 0 else 0 for t, n in ((totals[b], people[b]) for b in range(POSTS)))


def weight(kind, reader, author, middle, model):
    """How much a recommender favours an author for a reader, both in opinions."""
    apart = abs(author - reader)
    if kind == 1:
        return ec.exp(-apart / model.reach)
    if kind == 2:
        return abs(author - middle)
    if kind == 3:
        return apart if apart <= model.tolerance else 0.0
    return 1.0


def cumulated(shares):
    """The shares added up, and more than 1 from the last one on that is not 0."""
    total, last, cells = 0.0, 0, []
    for cell in range(POSTS):
        total += shares[cell]
        last = cell if shares[cell] > 0.0 else last
        cells += [total]
    return [cells[b] if b < last else 2.0 for b in range(POSTS)]


def mixed(reader, people, posts, middle, model):
    """The share of each bin among what readers of one opinion are shown."""
    kinds = (model.chronological, model.similar, model.outraging, model.bridging)
    shares, all_shown = [0.0 for _ in range(POSTS)], 0.0
    for kind in range(4):
        if kinds[kind] > 0.0:
            weights = [
                people[b] * weight(kind, reader, posts[b] / ONE, middle, model)
                if people[b] > 0
                else 0.0
                for b in range(POSTS)
            ]
            total = 0.0
            for b in range(POSTS):
                total += weights[b]
            if total > 0.0:  # Else it has nothing to show, and the others fill its place.
                all_shown += kinds[kind]
                shares = [shares[b] + kinds[kind] * weights[b] / total for b in range(POSTS)]
    return [share / all_shown for share in shares] if all_shown > 0.0 else crowd(people)


def crowd(people):
    """The share of each bin among everybody."""
    total = 0
    for b in range(POSTS):
        total += people[b]
    return [people[b] / total for b in range(POSTS)]


@ec.environment_rule(writes=("feed", "posts"))
def rank_posts(env, model, key):
    """Rank everybody's posts for readers of each bin; the last row is the plain crowd."""
    posts = mean_opinions(env.opinions_in, env.people_in)
    middle = (1.0 + model.lowest) / 2.0
    rows = [
        cumulated(mixed(posts[b] / ONE, env.people_in, posts, middle, model))
        if env.people_in[b] > 0
        else [2.0 for _ in range(POSTS)]
        for b in range(POSTS)
    ]
    rows += [cumulated(crowd(env.people_in))]
    return tuple(cell for row in rows for cell in row), posts
