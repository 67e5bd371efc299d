"""Ends a component that was started before: {component}. What comes after it in the row takes its place."""
from world import World


def start(world: World, spec: dict) -> None:
    world.stop(spec["component"])
