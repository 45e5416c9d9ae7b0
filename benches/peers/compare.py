"""Holds the curves of all tools against each other and prints the table.

usage: compare.py RESULTS HOSTS...

RESULTS has a folder per size: TOOL.ROUND.json and TOOL.csv for each tool, and reference.SEED.json and
reference.SEED.csv of the bare loop with other seeds. Ends with status 1 if a curve is off.
"""

import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np

PEERS = Path(__file__).resolve().parent

# In a run, hosts up at a tick are a sum over fleets that know nothing of each other, and a host adds at
# most the variance of a coin, 1/4. So the share of hosts up scatters by at most 0.5 / sqrt(hosts).
UP_SHARE_SD = 0.5
# Measured with the bare loop, 41 seeds per size: 2.4 to 2.9 ticks, times sqrt(1,000,000 / hosts).
T95_SD_AT_MILLION = 3.0
# A right tool is beyond five standard deviations less than once in ten thousand tables.
SIGMAS = 5.0


def cargo_version(path, package):
    """The version of a package in a Cargo.toml or Cargo.lock."""
    pattern = rf'^name = "{package}"\nversion = "([^"]+)"'
    return re.search(pattern, (PEERS / path).read_text(), re.MULTILINE).group(1)


# Name and version by key, in the order of the table.
TOOLS = {
    "bare-loop": ("bare loop (Rust)", lambda: cargo_version("bare-loop/Cargo.toml", "peer-bare-loop")),
    "blackstart": ("Blackstart", lambda: cargo_version("../../Cargo.toml", "blackstart")),
    "numpy-guarded": ("NumPy, guarded", lambda: metadata.version("numpy")),
    "krabmaga": ("krABMaga", lambda: cargo_version("krabmaga/Cargo.lock", "krabmaga")),
    "krabmaga-repeating": ("krABMaga, repeating", lambda: cargo_version("krabmaga/Cargo.lock", "krabmaga")),
    "numpy-dense": ("NumPy, dense", lambda: metadata.version("numpy")),
    "mesa": ("Mesa, own calendar", lambda: metadata.version("mesa")),
    "mesa-agent-set": ("Mesa, agent set", lambda: metadata.version("mesa")),
    "simpy": ("SimPy", lambda: metadata.version("simpy")),
}


def read_up(path):
    return np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64)[:, 1]


def deviation(up, reference):
    return np.max(np.abs(up - reference)) if up.size == reference.size else math.inf


class Size:
    """All results at one number of hosts."""

    def __init__(self, folder, hosts):
        self.hosts = hosts
        self.reports = {tool: read_reports(folder, tool) for tool in TOOLS}
        reference = read_reports(folder, "reference")
        curve = np.mean([read_up(path) for path in folder.glob("reference.*.csv")], axis=0)
        self.reference_t95 = statistics.mean(line["t95"] for line in reference)
        # The reference is a mean and scatters too, though less.
        sigmas = SIGMAS * math.sqrt((1 + 1 / len(reference)) / hosts)
        self.deviation_max = sigmas * UP_SHARE_SD
        self.t95_error_max = sigmas * T95_SD_AT_MILLION * math.sqrt(1_000_000)
        self.deviations = {
            tool: deviation(read_up(folder / f"{tool}.csv"), curve) / hosts
            for tool in TOOLS
            if self.reports[tool]
        }

    def wall_s(self, tool):
        return statistics.median(line["wall_s"] for line in self.reports[tool])

    def t95(self, tool):
        return self.reports[tool][0]["t95"]

    def faults(self, tool):
        faults = []
        if self.deviation_max < self.deviations[tool]:
            found = f"{percent(self.deviations[tool])} of the hosts, {percent(self.deviation_max)} allowed"
            faults.append(f"CURVE OFF: {TOOLS[tool][0]}, {self.hosts:,} hosts: off by up to {found}")
        t95 = self.t95(tool)
        if t95 is None or self.t95_error_max < abs(t95 - self.reference_t95):
            expected = f"{self.reference_t95:.0f} ± {self.t95_error_max:.0f} expected"
            faults.append(f"T95 OFF: {TOOLS[tool][0]}, {self.hosts:,} hosts: {t95}, {expected}")
        return faults


def read_reports(folder, tool):
    return [json.loads(path.read_text()) for path in sorted(folder.glob(f"{tool}.*.json"))]


def table(sizes):
    largest = sizes[-1]
    yardstick = "blackstart" if any(size.reports["blackstart"] for size in sizes) else "bare-loop"
    header = ["Tool", "Version"]
    for size in sizes:
        header += [f"{size.hosts:,} hosts, s", f"to {TOOLS[yardstick][0]}"]
    header += ["Peak, MiB", "t95, tick", "Curve off by"]
    rows = [header, ["---", "---"] + ["---:"] * (len(header) - 2)]
    for tool, (name, version) in TOOLS.items():
        if not any(size.reports[tool] for size in sizes):
            continue
        row = [name, version()]
        for size in sizes:
            row += time_cells(size, tool, yardstick)
        if largest.reports[tool]:
            peak_mib = statistics.median(line["peak_mib"] for line in largest.reports[tool])
            row += [f"{peak_mib:,.0f}", str(largest.t95(tool)), f"{percent(largest.deviations[tool])}"]
        else:
            row += ["failed"] * 3
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def time_cells(size, tool, yardstick):
    if not size.reports[tool]:
        return ["failed", ""]
    wall_s = size.wall_s(tool)
    runs = len(size.reports[tool])
    ratio = three_digits(wall_s / size.wall_s(yardstick)) if size.reports[yardstick] else ""
    return [three_digits(wall_s) + ("" if 1 < runs else " (once)"), ratio]


def percent(share):
    return f"{share * 100:.2f} %"


def three_digits(number):
    return f"{number:,.0f}" if 100 <= number else f"{number:.3g}"


def machine():
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    model = cpu.group(1) if cpu else platform.machine()
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[
        1
    ]
    return f"Machine: {os.cpu_count()} cores, {model}; Rust {rustc}, Python {platform.python_version()}."


def main(arguments):
    results = Path(arguments[0])
    sizes = [Size(results / hosts, int(hosts)) for hosts in sorted(arguments[1:], key=int)]
    print(table(sizes))
    print(f"\nTimes are medians. Peak, t95 and curve: {sizes[-1].hosts:,} hosts.")
    faults = []
    for size in sizes:
        print(
            f"Allowed with {size.hosts:,} hosts: curve off by {percent(size.deviation_max)}, "
            f"t95 {size.reference_t95:.0f} ± {size.t95_error_max:.0f}; "
            f"largest found: {percent(max(size.deviations.values()))}."
        )
        faults += [fault for tool in size.deviations for fault in size.faults(tool)]
    print(machine())
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
