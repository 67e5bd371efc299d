"""A packet filter rule on the way: {chain = "prerouting"|"input"|"output", rule}."""
from world import World


def start(world: World, spec: dict) -> None:
    world.network.nft(f"add rule inet lab {spec['chain']} {spec['rule']}\n")
