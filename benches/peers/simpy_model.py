"""The workload in SimPy: a process per host, the technicians of a fleet as a resource.

A technician who is given a host at night begins it when the shift begins. The queue is first in, first
out, so this is the host that would have been taken then.
"""

import random
import sys
from itertools import accumulate

import simpy

import report


class Site:
    def __init__(self, hosts, seed):
        self.env = simpy.Environment()
        self.random = random.Random(seed)
        self.crashes = [0] * report.TICKS
        self.returns = [0] * report.TICKS
        for fleet in range(report.fleet_count(hosts)):
            technicians = simpy.Resource(self.env, capacity=report.FLEET_TECHNICIANS)
            first_host = fleet * report.FLEET_HOSTS
            for _ in range(first_host, min(first_host + report.FLEET_HOSTS, hosts)):
                # A host that is off never does anything, so it needs no process.
                if self.random.random() < report.ON_PROBABILITY:
                    self.env.process(self.host(technicians))

    def host(self, technicians):
        env, draw = self.env, self.random
        receipt_tick = report.receipt_tick(draw.random)
        if report.LIVE_TICKS <= receipt_tick:
            return
        yield env.timeout(receipt_tick)
        self.crashes[env.now] += 1
        for _ in range(report.TRIES_MAX):
            yield env.timeout(report.TRY_EVERY_MIN)
            if draw.random() < report.TRY_PROBABILITY:
                self.returns[env.now] += 1
                return
        with technicians.request() as technician:
            yield technician
            repair_min = draw.randint(report.REPAIR_MIN_LOW, report.REPAIR_MIN_HIGH)
            yield env.timeout(report.minutes_to_shift(env.now) + repair_min)
            self.returns[env.now] += 1


def run(hosts, seed):
    site = Site(hosts, seed)
    site.env.run(until=report.TICKS)
    down_by_tick = accumulate(crashed - returned for crashed, returned in zip(site.crashes, site.returns))
    up_by_tick = [hosts - down for down in down_by_tick]
    return up_by_tick, list(accumulate(site.returns)), sum(site.crashes)


if __name__ == "__main__":
    report.measure("SimPy", run, sys.argv[1:])
