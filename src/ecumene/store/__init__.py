"""What is kept of a run: one folder of plain files, whole or marked unfinished."""

from .canonical import checksum as checksum
from .canonical import dumps as dumps
from .canonical import plain as plain
from .checkpoints import Checkpoint as Checkpoint
from .checkpoints import Checkpoints as Checkpoints
from .folder import RunFolder as RunFolder
from .ownership import owned as owned
from .series import Series as Series
from .store import Store as Store
from .writer import RunWriter as RunWriter
