"""What is watched."""

from .counting import Counted as Counted
from .counting import count as count
from .counting import mean as mean
from .counting import share as share
from .counting import total as total
from .scanning import Gini as Gini
from .scanning import Quantiles as Quantiles
from .scanning import gini as gini
from .scanning import gini_of as gini_of
from .scanning import quantiles as quantiles
from .watching import EnvironmentValue as EnvironmentValue
from .watching import value as value
