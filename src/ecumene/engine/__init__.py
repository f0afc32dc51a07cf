"""How time passes: model, plan, clock, identity."""

from .identity import NUMBERS as NUMBERS
from .identity import run_name as run_name
from .model import Measure as Measure
from .model import Model as Model
from .model import Outcome as Outcome
from .model import ReadyModel as ReadyModel
from .model import Rule as Rule
from .model import Sample as Sample
from .model import View as View
from .model import model as model
from .model import quiet as quiet
from .model import sample_count as sample_count
from .model import set_agents as set_agents
from .model import these_agents as these_agents
from .network_file import network as network
from .network_file import read_network as read_network
from .parameters import Count as Count
from .parameters import Float as Float
from .parameters import Int as Int
from .parameters import Parameter as Parameter
from .parameters import Probability as Probability
from .parameters import parameter as parameter
from .plan import Plan as Plan
from .plan import plan as plan
from .simulation import Simulation as Simulation
