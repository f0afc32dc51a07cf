"""What a modeller tests with: the laws asked of a model in one call, contracts for new parts."""

from . import strategies as strategies
from .backends import BackendContract as BackendContract
from .checks import Check as Check
from .checks import CheckError as CheckError
from .checks import Checks as Checks
from .history import History as History
from .history import history as history
from .model import check_model as check_model
from .networks import NetworkContract as NetworkContract
from .stores import StoreContract as StoreContract
