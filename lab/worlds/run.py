"""A command on the internet's side, waited for: {command}. For what is done to a world once it stands."""
import subprocess

from world import Broken, World


def start(world: World, spec: dict) -> None:
    done = subprocess.run(["sh", "-c", world.fill(spec["command"])], capture_output=True, text=True, timeout=20)
    if done.returncode:
        raise Broken(f"{spec['command']}: {done.stderr}")
