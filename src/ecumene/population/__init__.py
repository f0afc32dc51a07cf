"""Who the agents are: stored columns, derived columns, and backgrounds made of people's figures."""

from .background import Background as Background
from .columns import IDENTITY as IDENTITY
from .columns import Derived as Derived
from .life import BORN as BORN
from .life import LIFE as LIFE
from .life import PRESENT as PRESENT
from .life import WHO as WHO
from .life import newcomer as newcomer
from .life import origin as origin
from .persons import population as population
from .population import AGENTS_LIMIT as AGENTS_LIMIT
from .population import Population as Population
from .stored import NEVER as NEVER
from .stored import Stored as Stored
from .stored import between as between
from .stored import flag as flag
from .stored import happened as happened
from .stored import pulse as pulse
from .stored import real as real
from .stored import step_column as step_column
from .stored import wake_column as wake_column
from .stored import whole as whole
from .world import countries as countries
from .world import country as country
from .world import world_population as world_population
