"""Options that several commands share."""

import click

DEFAULT_STORE = "ecumene-runs"

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print exactly one JSON object on standard output."
)
out_option = click.option(
    "--out", metavar="DIR", default=DEFAULT_STORE, show_default=True, help="The store's folder."
)
