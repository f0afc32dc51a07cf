"""Lists of ties as people have them, and the one error for what cannot be read."""

import gzip

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecumene.errors import InputError
from ecumene.networks import Rows, edge_file, read_network, text_file


def named(network: Rows) -> set[tuple[object, object]]:
    """The ties as pairs of ids, in order of agent."""
    names = range(network.agents) if network.names is None else list(network.names)
    found = set()
    for i in range(network.agents):
        row = network.target[network.start[i] : network.start[i + 1]].tolist()
        found |= {(names[i], names[j]) for j in row}
    return found


SAME = {
    "spaces": "0 1\n1 2\n2 3\n",
    "runs of spaces and tabs": "  0   1\n1\t2\n2 \t 3  \n",
    "commas": "0,1\n1,2\n2,3\n",
    "commas and spaces": "0, 1\n1 ,2\n 2 , 3 \n",
    "semicolons": "0;1\n1;2\n2;3\n",
    "Windows": "0 1\r\n1 2\r\n2 3\r\n",
    "old Macintosh": "0 1\r1 2\r2 3\r",
    "doubled returns": "0\t1\r\r\n1\t2\r\r\n2\t3",
    "a mark before UTF-8": "\ufeff0 1\n1 2\n2 3\n",
    "comments and gaps": "# SNAP\n\n% KONECT\n0 1\n   \n// more\n1 2\n\n\n  # in\n2 3\n\n",
    "no last line end": "0 1\n1 2\n2 3",
    "quoted": '"0","1"\n"1","2"\n"2","3"\n',
    "quoted with spaces between": '"0" "1"\n"1" "2"\n2 3\n',
    "weights": "0 1 0.5\n1 2 1e3\n2 3 7\n",
    "decimal commas": "0;1;0,5\n1;2;0,7\n2;3;1,0\n",
    "weights after spaces with decimal commas": "0 1 0,5\n1 2 0,7\n2 3 1,0\n",
    "attributes": "0 1 {'weight': 3, 'kind': 'a'}\n1 2 {}\n2 3 {}\n",
    "a known header": "source,target\n0,1\n1,2\n2,3\n",
    "a known header with quotes": '"Source","Target","Weight"\n0,1,"a,b"\n1,2,5\n2,3,5\n',
    "a header of other names": "who whom\n0 1\n1 2\n2 3\n",
    "columns elsewhere": "weight,kind,source,target\n9,a,0,1\n9,b,1,2\n9,a,2,3\n",
    "columns elsewhere behind quotes": 'note,from,to\n"a,b",0,1\n"c",1,2\n"",2,3\n',
    "comment before the header": "# made\nfrom\tto\n0\t1\n1\t2\n2\t3\n",
}


@pytest.mark.parametrize("what", SAME)
def test_one_network_in_many_spellings(read, what):
    network = read(SAME[what], directed=True)
    assert network.names is None
    assert named(network) == {(0, 1), (1, 2), (2, 3)}


TEXT = {
    "names": ("Ann Bo\nBo Cy\n", {("Ann", "Bo"), ("Bo", "Cy")}),
    "two names only": ("Ann Bo\n", {("Ann", "Bo")}),
    "names under a header": ("source target\nAnn Bo\n", {("Ann", "Bo")}),
    "names under another header": ("who,whom,weight\nAnn,Bo,3\n", {("Ann", "Bo")}),
    "one name among numbers": ("1 2\n2 x\n", {("1", "2"), ("2", "x")}),
    "leading zeros": ("007 7\n7 8\n", {("007", "7"), ("7", "8")}),
    "negative": ("-1 2\n", {("-1", "2")}),
    "above 63 bits": (f"{2**63} 5\n", {(str(2**63), "5")}),
    "spaces in ids": ("New York,São Paulo\n", {("New York", "São Paulo")}),
    "spaces between tabs": ("New York\tSão Paulo\n", {("New York", "São Paulo")}),
    "quotes with commas": ('"Li, Na",Bo\nBo,"a ""b"""\n', {("Li, Na", "Bo"), ("Bo", 'a "b"')}),
    "quotes between spaces": ('"Li Na" Bo\n', {("Li Na", "Bo")}),
    "addresses": ("a@x.org b@y.org\n", {("a@x.org", "b@y.org")}),
    "hash in the second column": ("ann #art\n", {("ann", "#art")}),
    "an apostrophe": ("O'Neil,D'Arc\n", {("O'Neil", "D'Arc")}),
}


@pytest.mark.parametrize("what", TEXT)
def test_ids_that_are_text(read, what):
    text, ties = TEXT[what]
    assert named(read(text, directed=True)) == ties


def test_a_tsv_may_hold_spaces_anywhere(read):
    network = read("Bo\tAnn\nNew York\tBo\n", name="ties.tsv", directed=True)
    assert network.names == ("Ann", "Bo", "New York")


def test_blank_lines_and_comments_of_a_tsv_may_begin_with_tabs(read):
    assert read("\t# made\n0\t1\n\t\t\n \t \n1\t2\n", name="ties.tsv").ties == 2


def test_numbers_stay_numbers_up_to_63_bits(read):
    network = read(f"{2**63 - 1} 5\n5 17\n", directed=True)
    assert network.names.tolist() == [5, 17, 2**63 - 1]
    assert named(network) == {(2**63 - 1, 5), (5, 17)}


def test_agents_are_numbered_by_id_whatever_the_order_of_lines(read):
    one, other = read("30 20\n10 30\n"), read("10 30\n30 20\n")
    assert one.names.tolist() == other.names.tolist() == [10, 20, 30]
    assert named(one) == named(other)


def test_ten_comes_after_nine_among_numbers_and_before_it_among_texts(read):
    assert read("10 9\n").names.tolist() == [9, 10]
    assert read("a10 a9\n").names == ("a10", "a9")


def test_an_agent_with_nothing_but_a_self_loop_is_kept(read):
    network = read("0 1\n2 2\n", directed=True)
    assert (network.agents, network.ties) == (3, 1)


def test_gzip(tmp_path):
    (tmp_path / "ties.csv.gz").write_bytes(gzip.compress(b"a,b\nb,c\n"))
    assert read_network(tmp_path / "ties.csv.gz").ties == 2


def test_every_notice_is_there_and_counted(read):
    network = read("# made\nsource,target,weight\n5,5,1\n5,9,1\n9,5,2\n5,9,3\n", directed=True)
    assert network.source == "ties.txt"
    assert network.notices == (
        "1 comment line skipped",
        "the first line is a header; ids are in `source` and `target`",
        "1 further column (weight) not used; every tie counts once",
        "2 ids renumbered from 0 (ascending; the map is kept)",
        "1 self-loop dropped (the first at 5)",
        "1 duplicate tie dropped (the first between 5 and 9)",
    )


def test_uneven_lines_are_noticed(read):
    assert "lines have from 2 to 3 fields; two of them are used" in read("0 1\n1 2 5\n").notices


def test_a_clean_file_needs_no_notice(read):
    assert read("0 1\n1 2\n", directed=False).notices == ()


def test_without_a_word_about_direction_ties_are_undirected_and_that_is_said(read):
    network = read("0 1\n1 2\n")
    assert not network.directed
    (notice,) = network.notices
    assert notice.startswith("ties taken as undirected; type `--directed`")


@pytest.mark.parametrize(
    ("text", "seems"),
    [("0 1\n1 2\n", False), ("0 1\n1 0\n", False), ("0 1\n1 0\n1 2\n0 2\n", True)],
)
def test_some_ties_with_their_reverse_and_some_without_look_directed(read, text, seems):
    assert any("as it seems" in notice for notice in read(text).notices) == seems


WRONG = {
    "one id": ("0 1\n\n7\n1 2\n", "line 3: `7` does not hold two ids separated by tabs or spaces"),
    "one id after a comma": ("0,1\n7,\n", "line 2: `7,` does not hold two ids separated by commas"),
    "one id before a comma": ("0,1\n,7\n", "line 2: `,7` does not hold two ids"),
    "only separators": ("0,1\n,,\n", "line 2: `,,` does not hold two ids"),
    "another separator": ("0,1\n1 2\n", "line 2: `1 2` .* separated by commas, as the first line"),
    "a comma later": ("0 1\n1,2 3\n", "line 2: a comma in `1,2`, where tabs or spaces separate"),
    "a comma among names": ("a b\nLi, Na\n", "line 2: a comma in `Li,`"),
    "too few columns for the named ones": ("w,from,to\n5,0,1\n5,0\n", "line 3: `5,0` does not"),
    "prose": ("0 1\nhello\n", "line 2: `hello`"),
    "text with one column": ("Ann\nBo\n", "line 1: `Ann`"),
    "cut in the last line": ("0 1\n1 2\n2", "line 3: the file is cut off in its last line"),
    "cut in the third column": ("0 1 5\n1 2 5\n2 3", "line 3: the file is cut off"),
    "cut after a comma": ("0,1,5\n1,2,5\n2,3", "line 3: the file is cut off"),
    "only comments": ("# a\n% b\n// c\n", "holds no ties, only 3 comment lines"),
    "only blank lines": ("\n \n\t\n", "holds no ties, only blank lines"),
    "only a header": ("source,target\n", r"holds no ties, only a header \(source, target\)"),
    "Matrix Market": ("%%MatrixMarket matrix\n3 3 1\n1 2\n", "is a Matrix Market file"),
    "GraphML": ("<?xml version='1.0'?>\n<graphml>\n", "is an XML file"),
    "Pajek": ("*Vertices 3\n1 a\n", "is a Pajek file"),
    "JSON": ('{"nodes": []}\n', "is a JSON file"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_a_tie_is_one_error_with_file_and_line(read, what):
    text, message = WRONG[what]
    with pytest.raises(InputError, match=message) as error:
        read(text)
    assert "ties.txt" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["0 1 5\n1 2 5\n2 3\n", "0 1\n1 2\n2 3 5", "0 1\n# cut"])
def test_what_only_looks_cut_off_is_read(read, text):
    assert read(text).ties >= 1


STRICT = {
    "self-loops": ("0 1\n1 1\n", "1 self-loop dropped"),
    "duplicates": ("0 1\n1 0\n", "1 duplicate tie dropped"),
    "ids": ("0 5\n", "2 ids renumbered"),
    "several": ("a a\na b\na b\n", "2 ids renumbered.*; 1 self-loop dropped.*; 1 duplicate tie"),
}


@pytest.mark.parametrize("what", STRICT)
def test_strict_reading_refuses(read, what):
    text, message = STRICT[what]
    with pytest.raises(InputError, match=f"ties.txt: {message}"):
        read(text, strict=True)


def test_strict_reading_takes_a_clean_file(read):
    assert read("# fine\n0 1\n1 2\n", strict=True).ties == 2


def test_small_pieces_read_the_same_as_one(read, monkeypatch):
    text = "# c\nsource,target,note\n" + "".join(f"p{i},p{i * 7 % 90},é\n" for i in range(90))
    whole = read(text)
    monkeypatch.setattr(edge_file, "pieces", lambda path: text_file.pieces(path, 50))
    assert read(text).digest() == whole.digest()
    assert read(text).notices == whole.notices
    with pytest.raises(InputError, match="line 93: `oops`"):
        read(text + "oops\n")


names = st.one_of(
    st.integers(0, 2**64).map(str),
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters=',;"{'),
        min_size=1,
        max_size=4,
    ),
)


@settings(max_examples=50, deadline=None)
@given(
    ties=st.lists(st.tuples(names, names), min_size=1, max_size=20),
    separator=st.sampled_from(" ,\t;"),
)
def test_any_ids_come_back_as_they_were(tmp_path_factory, ties, separator):
    path = tmp_path_factory.mktemp("ties") / "ties.txt"
    path.write_text(
        f"source{separator}target\n" + "".join(f'"{one}"{separator}"{two}"\n' for one, two in ties)
    )
    found = {(str(one), str(two)) for one, two in named(read_network(path, directed=True))}
    assert found == {tie for tie in ties if tie[0] != tie[1]}


def test_what_networkx_writes_is_read_as_networkx_reads_it(tmp_path):
    graph = networkx.gnp_random_graph(300, 0.03, seed=2, directed=True)
    networkx.write_edgelist(graph, tmp_path / "ties.txt")
    assert named(read_network(tmp_path / "ties.txt", directed=True)) == set(graph.edges)
