"""What the Python programs of this benchmark share: the workload's numbers, arguments, and the report.

It knows nothing of how a model works; the Rust twin is `report.rs`.
"""

import csv
import json
import math
import resource
import sys
import time

TICKS = 14_400
LIVE_TICKS = 78
ON_PROBABILITY = 0.7
RECEIPT_PROBABILITY = 0.1
TRY_EVERY_MIN = 5
TRY_PROBABILITY = 0.15
TRIES_MAX = 6
FLEET_HOSTS = 150
FLEET_TECHNICIANS = 2
REPAIR_MIN_LOW = 20
REPAIR_MIN_HIGH = 100
DAY_MIN = 24 * 60
SHIFT_BEGIN_MIN = 8 * 60
SHIFT_END_MIN = 20 * 60


def fleet_count(hosts):
    return math.ceil(hosts / FLEET_HOSTS)


def minutes_to_shift(tick):
    """Minutes until technicians may begin a repair: 0 during the shift."""
    minute = tick % DAY_MIN
    if minute < SHIFT_BEGIN_MIN:
        return SHIFT_BEGIN_MIN - minute
    if minute < SHIFT_END_MIN:
        return 0
    return DAY_MIN - minute + SHIFT_BEGIN_MIN


def receipt_tick(random):
    """One draw that stands for the coins of all minutes up to the receipt; late ones never happen."""
    return int(math.log(1.0 - random()) / math.log(1.0 - RECEIPT_PROBABILITY))


def measure(tool, run, arguments):
    """Runs the model under the clock and prints one line of JSON.

    `run(hosts, seed)` returns hosts up and hosts back by tick, and the number of hosts that received.
    """
    if len(arguments) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} HOSTS SEED [OUTPUT.csv]")
    hosts, seed = int(arguments[0]), int(arguments[1])
    begun_s = time.perf_counter()
    up, back, received = run(hosts, seed)
    wall_s = time.perf_counter() - begun_s
    if len(arguments) == 3:
        with open(arguments[2], "w", newline="") as output:
            writer = csv.writer(output, lineterminator="\n")
            writer.writerow(["tick", "up"])
            writer.writerows(enumerate(up))
    line = {
        "tool": tool,
        "hosts": hosts,
        "seed": seed,
        "wall_s": round(wall_s, 6),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "t95": next((tick for tick, count in enumerate(back) if received * 95 <= count * 100), None),
    }
    print(json.dumps(line))
