"""The command `ecumene`: reads what was typed, calls the library, prints what came out."""

from .entry import main as main
