"""The component builders: one module per kind, each with PROGRAM and start(world, spec)."""
import importlib

from world import World

DEFAULT_LISTEN = ["203.0.113.10:80", "203.0.113.10:443 tls"]


def start(world: World, spec: dict) -> None:
    importlib.import_module(f"worlds.{spec['kind'].replace('-', '_')}").start(world, spec)
