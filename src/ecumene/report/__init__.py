"""A run as one page that opens without a network, and as a summary in a notebook."""

from .page import REPORT as REPORT
from .page import render as render
from .page import write_report as write_report
from .summary import summary_html as summary_html
from .telling import answers as answers
from .words import happening as happening
from .words import plural as plural
from .words import times as times
