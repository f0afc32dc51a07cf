"""Loops over the letters of a list of ties, and over ties: plain Python that a backend may compile.

A reader that is given them compiled takes them; without, the same is done by NumPy on whole arrays
(`edge_file`, `by_sorting`), several times slower, and with the same result. They read what most
lists are, numbers below 10**18 in ASCII without quotes: at anything else `scan` gives up, and the
general reader takes the file and says what is wrong with it.
"""

# pyright: basic

from __future__ import annotations

from .plain_lists import ahead, list_ends, list_word, scan_plain, sure, up_to_eight

# What `seen` counts; HEADER: that it is still to come.
COMMENTS, LEAST, MOST, HEADER, LARGEST = 0, 1, 2, 3, 4
SOON = 16  # So many ties before it is put, where it goes is fetched into the cache.
MOST_AGENTS = MOST_TIES = 1 << 31  # two numbers and a bit make up the 64 bits that are sorted


def is_blank(letter, separator):
    """Whether a letter is a space or tab that separates nothing."""
    return letter == 32 or (letter == 9 and separator != 9)


def ends_line(letter):
    """Whether a letter is a line feed or carriage return."""
    return letter == 10 or letter == 13


def after_blanks(letters, p, separator):
    """The first place from `p` on that is no blank."""
    while is_blank(letters[p], separator):
        p += 1
    return p


def after_text(letters, p):
    """The end of the line at `p`, or -1 where a letter is not plain ASCII."""
    while not ends_line(letters[p]):
        if letters[p] > 126 or (letters[p] < 32 and letters[p] != 9):
            return -1
        p += 1
    return p


def after_field(letters, p, separator):
    """The end of the field at `p`, or -1 where a letter is a quote or not plain ASCII."""
    while not ends_line(letters[p]) and letters[p] != separator:
        if separator == 0 and is_blank(letters[p], separator):
            return p
        if letters[p] > 126 or (letters[p] < 32 and letters[p] != 9) or letters[p] == 34:
            return -1
        p += 1
    return p


def whole_number(letters, p):
    """The number at `p` and where it ends, or -1 where it is not plain."""
    begin, value = p, 0
    digit = int(letters[p]) - 48
    while 0 <= digit <= 9:
        value = value * 10 + digit
        p += 1
        digit = int(letters[p]) - 48
    if p == begin or p - begin > 18 or (letters[begin] == 48 and p - begin > 1):
        return 0, -1
    return value, p


def begins_comment(letters, p):
    """Whether `#`, `%` or `//` stands at `p`."""
    return letters[p] == 35 or letters[p] == 37 or (letters[p] == 47 and letters[p + 1] == 47)


def tie_at(letters, p, separator, one, two, first, second, n):
    """Put the ids in the columns `one` and `two` of the line at `p` where tie `n` goes.

    How many fields the line has, and where it ends: -1 where it is not plain or has too few.
    """
    field = 0
    while True:
        if field == one:
            first[n], p = whole_number(letters, p)
        elif field == two:
            second[n], p = whole_number(letters, p)
        else:
            p = after_field(letters, p, separator)
        if p < 0:
            return field, p
        field += 1
        end = p
        p = after_blanks(letters, p, separator)
        if ends_line(letters[p]):
            return field, (p if field > max(one, two) else -1)
        if separator == 0 and p == end:
            return field, -1
        if separator != 0 and letters[p] != separator:
            return field, -1
        if separator != 0:
            p = after_blanks(letters, p + 1, separator)


def scan(letters, separator, one, two, seen, first, second):
    """The ties of whole lines, counted in `seen`: how many there are, or -1 to give up.

    `separator` is the letter between fields, 0 for any run of spaces and tabs.
    """
    p, n = 0, 0
    while p < letters.shape[0]:
        p = after_blanks(letters, p, separator)
        if ends_line(letters[p]):
            p += 1
            continue
        comment = begins_comment(letters, p)
        if comment or seen[3]:
            seen[0 if comment else 3] += 1 if comment else -1
            p = after_text(letters, p)
        else:
            fields, p = tie_at(letters, p, separator, one, two, first, second, n)
            seen[1] = min(seen[1], fields)
            seen[2] = max(seen[2], fields)
            seen[4] = max(seen[4], first[n], second[n])
            n += 1
        if p < 0:
            return -1
    return n


def mark(first, second, marked):
    """Mark every id of the two columns."""
    for t in range(first.shape[0]):
        marked[sure(first[t])] = 1
        marked[sure(second[t])] = 1


def number_marked(marked, ids):
    """Number what is marked, in the marks' place, and list it: how much that is."""
    n = 0
    for i in range(marked.shape[0]):
        here = int(marked[i])
        ids[sure(n)] = i
        marked[i] = n
        n += here
    return n


def number_counted(rows, others, numbers, ids):
    """Number who has an end, list them, and let their counts be one behind the other: how many."""
    n = 0
    for i in range(rows.shape[0]):
        here = 1 if rows[i] + others[i] > 0 else 0
        ids[sure(n)] = i
        numbers[i] = n
        rows[n], others[n] = rows[i], others[i]
        n += here
    return n


def renumber(first, second, numbers):
    """Let every id of the two columns be its number."""
    for t in range(first.shape[0]):
        first[t] = numbers[sure(first[t])]
        second[t] = numbers[sure(second[t])]


def count_ends(first, second, directed, rows, others):
    """Add each tie to the agent whose row it goes to and to the other one; how many self-loops.

    The row of an undirected tie is that of the smaller number.
    """
    loops = 0
    for t in range(first.shape[0]):
        i, j = first[t], second[t]
        if i == j:
            loops += 1
        elif directed:
            rows[i] += 1
            others[j] += 1
        else:
            rows[min(i, j)] += 1
            others[max(i, j)] += 1
    return loops


def begin_rows(counts, cursor):
    """Where the entries of each agent begin when they lie one agent after the other."""
    total = 0
    for i in range(counts.shape[0]):
        cursor[i] = total
        total += counts[i]


def by_other(first, second, directed, begin, end, way, cursor, entries):
    """Ties ordered by the other agent; an entry is its row, its number and whether it is turned.

    These are the ties from `begin` on up to `end`, going up (`way` is 1, and `cursor` says where
    each agent's entries begin) or down (-1, and where they end), so that two may do half each.
    """
    back, last = min(way, 0), end - way
    for t in range(begin, end, way):
        soon = sure(t + way * min(SOON, (last - t) * way))
        i, j = int(first[soon]), int(second[soon])
        ahead(entries, int(cursor[sure(j if directed else max(i, j))]))
        i, j = int(first[sure(t)]), int(second[sure(t)])
        if i != j:
            turned = 0 if directed or i < j else 1
            row, other = (j, i) if turned else (i, j)
            at = int(cursor[sure(other)])
            cursor[sure(other)] = at + way
            entries[sure(at + back)] = row << 32 | t << 1 | turned


def by_row(others, entries, cursor, ordered):
    """The same ties ordered by row and in it by the other agent, which the entry now holds."""
    p = 0
    for other in range(others.shape[0]):
        for _ in range(others[other]):
            entry = int(entries[p])
            p += 1
            row = entry >> 32
            at = cursor[row]
            cursor[row] = at + 1
            ordered[at] = other << 32 | (entry & 0xFFFFFFFF)


def count_repeats(rows, ordered):
    """How many ties repeat an earlier one, and how many pairs are tied both ways round."""
    repeats, mutual, p = 0, 0, 0
    for row in range(rows.shape[0]):
        last, ways = -1, 0
        for _ in range(rows[row]):
            entry = int(ordered[p])
            p += 1
            if entry >> 32 != last:
                last, ways = entry >> 32, 0
            else:
                repeats += 1
            way = 1 << (entry & 1)
            mutual += 1 if ways | way == 3 and ways != 3 else 0
            ways |= way
    return repeats, mutual


def mark_repeats(rows, ordered, extra):
    """Mark every tie whose pair is tied by one that stands before it."""
    p = 0
    for row in range(rows.shape[0]):
        last = -1
        for _ in range(rows[row]):
            entry = int(ordered[p])
            p += 1
            if entry >> 32 == last:
                extra[(entry & 0xFFFFFFFF) >> 1] = True
            last = entry >> 32


def begin_both(rows, others, start, lower, upper):
    """Where each agent's row begins: the smaller neighbours in it, and the larger ones."""
    total = 0
    for i in range(rows.shape[0]):
        start[i] = total
        lower[i] = total
        upper[i] = total + int(others[i])
        total += int(rows[i]) + int(others[i])
    start[rows.shape[0]] = total


def put_upper(others, entries, begin, end, way, cursor, both):
    """Put ends at the larger neighbours into the rows of the smaller ones, in order, from entries
    that are ordered by them; the larger ones from `begin` on up to `end`, as in `by_other`.
    """
    back, p = min(way, 0), 0 if way > 0 else entries.shape[0] - 1
    for other in range(begin, end, way):
        for _ in range(others[sure(other)]):
            soon = sure(min(max(p + SOON * way, 0), entries.shape[0] - 1))
            ahead(both, int(cursor[sure(int(entries[soon]) >> 32)]))
            entry = int(entries[sure(p)])
            p += way
            row = entry >> 32
            at = int(cursor[sure(row)])
            cursor[sure(row)] = at + way
            both[sure(at + back)] = other << 32 | (entry & 0xFFFFFFFF) >> 1


def put_lower(others, start, begin, end, way, cursor, both):
    """Put ends at the smaller ones into the rows of the larger ones; how many ties are repeats."""
    back, repeats, most = min(way, 0), 0, others.shape[0] - 1
    for row in range(begin, end, way):
        last = -1
        for p in range(start[sure(row)] + others[sure(row)], start[sure(row + 1)]):
            # Between rows' ends at larger neighbours stands what is still to be written: anything.
            soon = sure(min(max(p + 2 * SOON * way, 0), both.shape[0] - 1))
            ahead(both, int(cursor[sure(min(max(int(both[soon]) >> 32, 0), most))]))
            entry = int(both[sure(p)])
            other = entry >> 32
            repeats += int(other == last)
            last = other
            at = int(cursor[sure(other)])
            cursor[sure(other)] = at + way
            both[sure(at + back)] = row << 32 | (entry & 0xFFFFFFFF)
    return repeats


def put_back(others, entries, first):
    """The first column again, from entries that are ordered by the other agent."""
    p = 0
    for other in range(others.shape[0]):
        for _ in range(others[other]):
            entry = int(entries[p])
            p += 1
            first[(entry & 0xFFFFFFFF) >> 1] = other if entry & 1 else entry >> 32


def fill_forth(rows, ordered, start, ends):
    """Rows of directed ties, from their sources."""
    total = 0
    for i in range(rows.shape[0]):
        start[i] = total
        total += int(rows[i])
    start[rows.shape[0]] = total
    for p in range(total):
        entry = int(ordered[p])
        ends[p] = entry >> 32 << 32 | (entry & 0xFFFFFFFF) >> 1


def fill_back(others, start, ends, cursor, back_start, back_ends):
    """The same ties from their receivers, out of the rows from their sources."""
    total = 0
    for i in range(others.shape[0]):
        back_start[i] = total
        cursor[i] = total
        total += int(others[i])
    back_start[others.shape[0]] = total
    for row in range(others.shape[0]):
        for p in range(start[row], start[row + 1]):
            end = int(ends[p])
            other = end >> 32
            at = cursor[other]
            cursor[other] = at + 1
            back_ends[at] = row << 32 | (end & 0xFFFFFFFF)


INLINED = (
    *(is_blank, ends_line, after_blanks, after_text, after_field),
    *(whole_number, begins_comment, tie_at, list_word, list_ends, up_to_eight),
)
LOOPS = (
    *(
        scan,
        scan_plain,
        mark,
        number_marked,
        number_counted,
        renumber,
        count_ends,
        begin_rows,
        by_other,
        by_row,
    ),
    *(count_repeats, mark_repeats, begin_both, put_upper, put_lower, put_back),
    *(fill_forth, fill_back),
)
