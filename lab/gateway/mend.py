"""The proof that a row can be mended as it says: its own edit, by hand, ends the fault, and the old bytes bring it back."""
import subprocess
from pathlib import Path

import measure
from gateways import Gateway
from rows import Row
from world import World


def unproven(world: World, row: Row, gateway: Gateway) -> list[str]:
    before = measure.picture()
    subprocess.run(["sh", "-c", row.apply["edit"]], cwd=gateway.folder, check=True, timeout=10, capture_output=True)
    after = measure.picture()
    least, most = row.apply.get("lines", [0, 99])
    wrong = []
    if not least <= measure.touched(before, after) <= most:
        wrong.append(f"the edit touches {measure.touched(before, after)} lines, not {least}-{most}")
    if said := gateway.check():
        return [*wrong, f"the gateway's check: {said}"]
    gateway.reload()
    wanted = str(row.apply.get("status", row.status))
    if came := measure.settle(world, row, wanted):
        wrong.append(f"after the edit the visitor gets {came}, not {wanted}")
    wrong += [missed for proof in row.apply.get("check", []) if (missed := world.unproven(proof, measure.environment(world)))]
    for path in measure.difference(before, after):
        Path(path).write_bytes(before[path][4])
    gateway.reload()
    wanted = str(row.apply.get("undone", row.status))
    if came := measure.settle(world, row, wanted):
        wrong.append(f"with the old configuration again the visitor gets {came}, not {wanted}")
    return [f"edit: {text}" for text in wrong]
