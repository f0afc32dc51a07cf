"""The kernels by which arrives what tie rules sent: from bins, or as the lines that a pull has."""

from __future__ import annotations

from ...population import PRESENT
from ..ruled import Spreading
from ..words import PICKS, RECEIVES
from .fetching import of_bins
from .text import Writer

BINS = ["counts", "capacity", "bin_place", "bin_payload", "bin_number"]
CROWDED = 9  # A message for one of `1 << 9` places of a block: its set's upper levels can wait.


def write_apply(writer: Writer, spreading: Spreading) -> None:
    """Let one worker's bins for blocks first..last-1 arrive; bin `b` stands at `b + bin0`."""
    rule = spreading.rule
    arguments, lines = writer.globals_of(spreading.env)
    extra, arrived = arrive(writer, spreading)
    levels = ", ".join(f"a_{rule.name}_{level}" for level in range(3))
    put, low = f"put({levels}, i)", f"put_low({levels}, i, crowded)"
    if spreading.in_degree:
        net_arguments, net_lines = writer.net(rule.over)
        arguments, lines = [*arguments, *net_arguments], [*lines, *net_lines]
    before, of_block, soon = of_bins(arrived)
    body = [
        *lines,
        *before,
        "for b in range(first, last):",
        "    start = (b + bin0) * capacity",
        "    end = start + counts[b + bin0]",
        *("    " + line for line in of_block),
        f"    crowded = counts[b + bin0] << {CROWDED} >= 1 << shift",
        "    for e in range(start, end):",
        *("        " + line for line in soon),
        "        i = (b << shift) + int(bin_place[sure(e)])",
        f"        payload = {'bin_payload[sure(e)]' if rule.carries else '1'}",
        f"        number = {'bin_number[sure(e)]' if rule.names_tie else '0'}",
        *("        " + line.replace(put, low) for line in if_here(writer, arrived)),
        "    if crowded:",
        f"        lift({levels}, b << shift, (b + 1) << shift)",
    ]
    names = ["first", "last", "bin0", "shift", "luck", *BINS, *arguments, *extra]
    names += here_arguments(writer)
    writer.add(f"apply_{rule.name}", names, body)


def here_arguments(writer: Writer) -> list[str]:
    """What tells whether somebody is at local place `i`."""
    return [f"c_{PRESENT}_0"] if writer.program.is_open else []


def if_here(writer: Writer, lines: list[str]) -> list[str]:
    """The lines, in an open population only where somebody is at local place `i`."""
    if not writer.program.is_open:
        return lines
    return [f"if has(c_{PRESENT}_0, i):", *("    " + line for line in lines)]


def passes(carries: bool) -> str:
    """The condition under which a tie passes something on."""
    return "payload != NOTHING" if carries else "payload"


def arrive(writer: Writer, spreading: Spreading) -> tuple[list[str], list[str]]:
    """Arguments and lines that let `payload` of tie `number` arrive at local place `i`."""
    rule = spreading.rule
    bits = [f"a_{rule.name}_{level}" for level in range(3)]
    put = f"put({', '.join(bits)}, i)"
    arguments, lines = list(bits), _combine(rule.combine, rule.name, put)
    if rule.combine != "any":
        arguments.append(f"acc_{rule.name}")
    if rule.combine == "pick":
        arguments.append(f"low_{rule.name}")
    if rule.receive is None:
        return arguments, lines
    receive = writer.call(rule.receive, f"the receiving part of rule `{rule.name}`")
    me_arguments, me = writer.me(spreading.receiver_reads)
    key = f"fold(fold({writer.luck()}, number), {RECEIVES})"
    end = writer.end(spreading, "place0 + i")
    call = f"{receive}({me}, {end}, payload, env, model, {key})"
    return [*arguments, *me_arguments], [
        f"received = {f'int({call})' if rule.carries else call}",
        f"if {passes(rule.carries).replace('payload', 'received')}:",
        f"    payload = {'received' if rule.carries else '1'}",
        *("    " + line for line in lines),
    ]


def _combine(combine: str, name: str, put: str) -> list[str]:
    """Add `payload` to what has arrived; without branches where that is cheaper."""
    here, kept = f"here = has(a_{name}_0, i)", f"acc_{name}[unsigned(i)]"
    if combine == "any":
        return [put]
    if combine in ("count", "sum"):
        return [here, f"{kept} = payload + int({kept} if here else 0)", put]
    if combine in ("min", "max"):
        return [here, f"{kept} = {combine}({kept}, payload) if here else payload", put]
    low = f"low_{name}[unsigned(i)]"
    return [
        f"draw = fold(fold(luck, number), {PICKS})",
        f"if not has(a_{name}_0, i):",
        f"    {low} = draw",
        f"    {kept} = payload",
        f"    {put}",
        f"elif draw < {low} or (draw == {low} and payload < {kept}):",
        f"    {low} = draw",
        f"    {kept} = payload",
    ]
