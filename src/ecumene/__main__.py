"""`python -m ecumene` is the command `ecumene`."""

from .cli import main

main()
