"""Options that several commands share."""

import click

DEFAULT_STORE = "ecumene-runs"

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print exactly one JSON object on standard output."
)
out_option = click.option(
    "--out", metavar="DIR", default=DEFAULT_STORE, show_default=True, help="The store's folder."
)
threads_option = click.option(
    "--threads", metavar="n", default=None, help="On how many cores; default: all."
)
every_option = click.option(
    "--checkpoint-every",
    metavar="T",
    default=None,
    help="Keep where the run stands after every so many steps; see `ecumene resume`.",
)
keep_option = click.option(
    "--keep-checkpoints",
    metavar="n|all",
    default=None,
    help="How many checkpoints stay; default: the last 2.",
)
shards_option = click.option(
    "--shards", metavar="n", default=None, help="In how many parts; default: as before."
)
backend_option = click.option(
    "--backend", metavar="cpu|reference", default=None, help="Default: as before."
)
