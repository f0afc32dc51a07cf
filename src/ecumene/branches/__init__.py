"""Runs that share a past: gone on with, branched off, compared."""

from .branch import branch as branch
from .compare import Comparison as Comparison
from .compare import compare as compare
from .origin import Which as Which
from .origin import task_of as task_of
from .resume import resume as resume
