"""All cores of this machine, through compiled loops."""

from .shard import Shard as Shard
