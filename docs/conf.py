"""How Sphinx builds these pages: nothing is fetched, neither while building nor while reading."""

from html import escape
from importlib.metadata import version as version_of

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

project = "Ecumene"
author = "The Ecumene authors"
copyright = author
version = release = version_of("ecumene")

extensions = ["myst_nb", "sphinx.ext.autodoc"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
nitpicky = True
# Types of other libraries need not be found; links between pages stay strict.
nitpick_ignore_regex = [("py:.*", ".*")]
default_role = "literal"  # docstrings write `name` for code

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

nb_execution_in_temp = True  # runs are kept where it runs
nb_execution_mode = "force"  # what a notebook shows is what this version computes
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}  # no widgets, hence no scripts from elsewhere

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["ecumene.css"]
html_title = f"Ecumene {version}"
html_show_sourcelink = False
html_copy_source = False
html_math_renderer = "text"


def formula_as_text(writer: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as it stands: the usual renderer is a script fetched by every page."""
    writer.body.append(f"<code>{escape(node.astext())}</code>")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer of formulae."""
    both = (formula_as_text, None)
    app.add_html_math_renderer("text", inline_renderers=both, block_renderers=both)
