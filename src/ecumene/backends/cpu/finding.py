"""Where somebody of an open population stands, looked up by kernels in a register."""

from __future__ import annotations

from ...population import BORN
from ..register import LEFT, STRAY

REGISTER = ("here", "born", "places", "starts", "shift")

# Only where agents of an open population are looked up.
PLACE_OF = f"""\
@jit
def place_of(identity, here, born, places, starts, shift):
    if identity >= 0 and identity < here.shape[0]:
        return identity if here[identity] else int({LEFT})
    if identity < int({BORN}) or identity >= int({2 * BORN}):
        return int({STRAY})
    bucket = (identity - int({BORN})) >> shift
    for k in range(starts[bucket], starts[bucket + 1]):
        if born[k] == identity:
            return places[k]
    return int({LEFT})


@kernel
def loose(first, last, link, here, born, places, starts, shift, out):
    '''List places first..last-1 whose link points to who left; -1 for a stray, listed first.'''
    n = int(0)
    for i in range(first, last):
        identity = int(link[i])
        if identity >= 0:
            found = place_of(identity, here, born, places, starts, shift)
            if found == int({STRAY}):
                out[0] = i
                return int(-1)
            if found == int({LEFT}):
                out[n] = i
                n += 1
    return n
"""
