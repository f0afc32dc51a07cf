"""Ecumene: societies you can run, up to every living person, with the same bits everywhere."""

from .interrupts import end_quietly

end_quietly()

from .engine import NOW as NOW
from .engine import Count as Count
from .engine import Float as Float
from .engine import Int as Int
from .engine import Lanes as Lanes
from .engine import Model as Model
from .engine import Probability as Probability
from .engine import Simulation as Simulation
from .engine import at as at
from .engine import broadcast as broadcast
from .engine import during as during
from .engine import explain as explain
from .engine import model as model
from .engine import network as network
from .engine import parameter as parameter
from .engine import plan as plan
from .engine import quiet as quiet
from .engine import read_network as read_network
from .engine import run_lanes as run_lanes
from .engine import sample_count as sample_count
from .engine import sample_share as sample_share
from .engine import seed_agents as seed_agents
from .engine import set_agents as set_agents
from .engine import set_column as set_column
from .engine import set_environment as set_environment
from .engine import set_parameter as set_parameter
from .engine import these_agents as these_agents
from .engine import when as when
from .errors import EcumeneError as EcumeneError
from .measures import count as count
from .measures import gini as gini
from .measures import mean as mean
from .measures import quantiles as quantiles
from .measures import share as share
from .measures import total as total
from .measures import value as value
from .networks import Rows as Rows
from .networks import both as both
from .networks import circles as circles
from .networks import configuration as configuration
from .networks import everybody as everybody
from .networks import lattice as lattice
from .networks import matchings as matchings
from .networks import power_law as power_law
from .networks import small_world as small_world
from .population import NEVER as NEVER
from .population import Background as Background
from .population import Population as Population
from .population import between as between
from .population import countries as countries
from .population import country as country
from .population import flag as flag
from .population import happened as happened
from .population import pulse as pulse
from .population import real as real
from .population import step_column as step_column
from .population import wake_column as wake_column
from .population import whole as whole
from .population import world_population as world_population

# From here on `population` is the function and not the package; submodules import all the same.
from .population.persons import population as population
from .random import chance as chance
from .random import fold as fold
from .random import integer as integer
from .random import uniform as uniform
from .rules import NOTHING as NOTHING
from .rules import agent_rule as agent_rule
from .rules import awake as awake
from .rules import changed as changed
from .rules import claim as claim
from .rules import encounter as encounter
from .rules import environment_rule as environment_rule
from .rules import everyone as everyone
from .rules import flagged as flagged
from .rules import meeting as meeting
from .rules import reached_by as reached_by
from .rules import sample as sample
from .rules import tie_rule as tie_rule
from .run import Run as Run
from .run import run as run
