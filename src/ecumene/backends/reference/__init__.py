"""The oracle: plain Python, one agent at a time. Slow, and right by inspection."""

from .shard import Shard as Shard
