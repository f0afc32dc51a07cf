"""Every key and every item of a list of a TOML file is found on the line where it stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from ecumene.cli.toml_lines import lines_of

TEXT = '''# a comment with [brackets] and = signs
model = "cascade"   # behind a value

"quoted key" = 'a # literal'
dotted.name = 3
long = """
several = "lines"
with \\" escapes"""""
plain = \'\'\'
[not a table]
\'\'\'
list = [ 1, "two, ]", # a comment ]
  [3.5, -inf],
  { a = 1, b = "}" },
]
empty = []
when = 1979-05-27T07:32:00Z

[table]
x = true
[ spaced . "name" ]
y = {}
[[many]]
z = 1
'''


def test_every_key_and_item_has_its_line():
    tomllib.loads(TEXT)
    assert lines_of(TEXT) == {
        ("model",): 2,
        ("quoted key",): 4,
        ("dotted", "name"): 5,
        ("long",): 6,
        ("plain",): 9,
        ("list",): 12,
        ("list", 0): 12,
        ("list", 1): 12,
        ("list", 2): 13,
        ("list", 2, 0): 13,
        ("list", 2, 1): 13,
        ("list", 3): 14,
        ("list", 3, "a"): 14,
        ("list", 3, "b"): 14,
        ("empty",): 16,
        ("when",): 17,
        ("table",): 19,
        ("table", "x"): 20,
        ("spaced", "name"): 21,
        ("spaced", "name", "y"): 22,
        ("many",): 23,
        ("many", "z"): 24,
    }


PIECES = (
    *("a = 1\n", 'b = "x#]"\n', "# c\n", "\n", "c = [1,\n 2]\n", "[t]\n", "f=[\n]\n"),
    *('g = """\n"x""\n"""\n', "h.i = 3 # ]\n", "j = ['''\n]''', \"\\\"\"]\n", "d = {e = '}'}\n"),
)
pieces = st.sampled_from(PIECES)


@given(st.lists(pieces, max_size=8))
def test_a_line_begins_what_it_is_said_to_begin(parts):
    text = "".join(parts)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for path, line in lines_of(text).items():
        if isinstance(path[-1], str) and "[" not in path[-1]:
            assert str(path[-1]) in text.split("\n")[line - 1]
