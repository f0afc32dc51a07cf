from .shard import Shard as Shard
