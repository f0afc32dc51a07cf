"""Luck as a pure function of *who*, *when* and *what for*.

There is no generator to carry, lock or seed per thread: a draw is a hash of a 64-bit key and a
64-bit counter. The same draw is the same number on one core, on sixty-four, in another shard or
on a GPU, in whatever order agents are visited.

Everything here is plain Python over unsigned 64-bit numbers (integers below 2**64): the reference
backend runs it as it stands, the compiled backends compile this very text with every name in
capitals as a 64-bit unsigned constant and `unsigned` as a cast.
"""

from __future__ import annotations

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: counters far apart (Steele et al. 2014)
MIX_1 = 0x3C79AC492BA7B653  # Evensen's "moremur" constants, stronger on sparse counters than
MIX_2 = 0x1C69B3F74AC4AE35  # SplitMix64's (https://mostlymangling.blogspot.com, 2019)
INJECT = 0xD1342543DE82EF95  # an odd multiplier of good spectrum (Steele and Vigna 2022, table 4)
SHIFT_27 = 27
SHIFT_33 = 33
SHIFT_32 = 32
SHIFT_11 = 11
ONE = 1
TWO_TO_MINUS_53 = 1.0 / (1 << 53)
TWO_TO_64 = 18446744073709551616.0


def unsigned(number: float) -> int:
    """`number` as an unsigned 64-bit number (two's complement)."""
    return int(number) & MASK


def fold(key: int, number: int) -> int:
    """The 64-bit draw, or new key, of counter `number` under `key`.

    The counter is multiplied by an odd number made of the key before the first round, and a second
    value made of the key enters between the rounds: under two keys the outputs are not one table
    visited in another order (shifted, xored), as they would be were the key only added or xored in
    front, and no parity of a draw's bits goes along under keys that are a constant apart.
    """
    spread = (((unsigned(key) ^ (unsigned(key) >> SHIFT_32)) << ONE) & MASK) ^ GOLDEN
    x = (unsigned(number) * spread + unsigned(key)) & MASK
    x = ((x ^ (x >> SHIFT_27)) * MIX_1) & MASK
    x = (x + ((unsigned(key) * INJECT) ^ (unsigned(key) >> SHIFT_32))) & MASK
    x = ((x ^ (x >> SHIFT_33)) * MIX_2) & MASK
    return x ^ (x >> SHIFT_27)


def draw(key: int, k: int) -> int:
    """The `k`-th 64-bit number drawn under `key`; the key itself is draw 0."""
    return unsigned(key) if k == 0 else fold(key, k)


def natural(key: int, number: int) -> int:
    """The draw of counter `number` under `key` as a whole number below 2**63."""
    return int(fold(key, number) >> ONE)


def uniform(key: int, k: int = 0) -> float:
    """The `k`-th number in [0, 1) drawn under `key`, a multiple of 2**-53."""
    return float(draw(key, k) >> SHIFT_11) * TWO_TO_MINUS_53


def chance(key: int, p: float, k: int = 0) -> bool:
    """Whether the `k`-th draw under `key` falls below `p`; never at 0, always at 1.

    Raising `p` under the same key only ever turns False into True.
    """
    return p > 0.0 and (p >= 1.0 or draw(key, k) < unsigned(p * TWO_TO_64))


def integer(key: int, n: int, k: int = 0) -> int:
    """The `k`-th number in 0..n-1 drawn under `key`, for 1 <= n <= 2**31 (bias below 2**-32)."""
    return int(((draw(key, k) >> SHIFT_32) * unsigned(n)) >> SHIFT_32)


def below(key: int, n: int, k: int = 0) -> int:
    """The `k`-th number in 0..n-1 drawn under `key`, for 1 <= n < 2**63, each as likely.

    Draws beyond the last whole multiple of `n` are drawn again.
    """
    most = MASK // unsigned(n) * unsigned(n)
    drawn = draw(key, k)
    while drawn >= most:
        drawn = fold(key, drawn)
    return int(drawn % unsigned(n))
