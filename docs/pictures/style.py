"""What all pictures look like."""

from __future__ import annotations

BLUE, ORANGE, GREY = "#2660a4", "#d1731f", "#6a6a6a"
STYLE = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "ecumene",
}
