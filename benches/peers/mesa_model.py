"""The workload in Mesa: hosts and technicians are agents, and a tick activates only those that are due.

Mesa's own `shuffle_do` would activate every agent in every tick; a calendar of due agents in the model is
what its users write when most agents rest.
"""

import sys
from collections import defaultdict, deque

import mesa

import report


class Fleet:
    """The hosts that are down, longest first, and the technicians who have nothing to do."""

    def __init__(self, model):
        self.down_hosts = deque()
        self.idle_technicians = [Technician(model, self) for _ in range(report.FLEET_TECHNICIANS)]

    def dispatch(self):
        while self.down_hosts and self.idle_technicians:
            self.idle_technicians.pop().begin_repair(self.down_hosts.popleft())


class Technician(mesa.Agent):
    def __init__(self, model, fleet):
        super().__init__(model)
        self.fleet = fleet
        self.host = None

    def begin_repair(self, host):
        self.host = host
        model = self.model
        repair_min = model.random.randint(report.REPAIR_MIN_LOW, report.REPAIR_MIN_HIGH)
        model.due[model.tick + repair_min].append(self)

    def step(self):
        self.host.come_back()
        self.host = None
        self.fleet.idle_technicians.append(self)
        if self.model.is_shift:
            self.fleet.dispatch()


class Host(mesa.Agent):
    def __init__(self, model, fleet):
        super().__init__(model)
        self.fleet = fleet
        self.has_crashed = False
        self.failed_tries = 0

    def step(self):
        model = self.model
        if not self.has_crashed:
            self.has_crashed = True
            model.received += 1
            model.up -= 1
        elif model.random.random() < report.TRY_PROBABILITY:
            self.come_back()
            return
        else:
            self.failed_tries += 1
        if self.failed_tries < report.TRIES_MAX:
            model.due[model.tick + report.TRY_EVERY_MIN].append(self)
        else:
            self.fleet.down_hosts.append(self)
            if model.is_shift:
                self.fleet.dispatch()

    def come_back(self):
        self.model.up += 1
        self.model.back += 1


class Site(mesa.Model):
    def __init__(self, hosts, seed):
        super().__init__(seed=seed)
        self.tick = 0
        self.is_shift = False
        self.up = hosts
        self.back = 0
        self.received = 0
        self.due = defaultdict(list)
        self.fleets = [Fleet(self) for _ in range(report.fleet_count(hosts))]
        for host in range(hosts):
            # A host that is off never does anything, so it needs no agent.
            if self.random.random() < report.ON_PROBABILITY:
                agent = Host(self, self.fleets[host // report.FLEET_HOSTS])
                receipt_tick = report.receipt_tick(self.random.random)
                if receipt_tick < report.LIVE_TICKS:
                    self.due[receipt_tick].append(agent)
        self.datacollector = mesa.DataCollector(model_reporters={"up": "up", "back": "back"})

    def step(self):
        # Mesa counts a step before it calls it.
        self.tick = self.steps - 1
        was_shift = self.is_shift
        self.is_shift = report.minutes_to_shift(self.tick) == 0
        for agent in self.due.pop(self.tick, ()):
            agent.step()
        if self.is_shift and not was_shift:
            for fleet in self.fleets:
                fleet.dispatch()
        self.datacollector.collect(self)


def run(hosts, seed):
    site = Site(hosts, seed)
    for _ in range(report.TICKS):
        site.step()
    by_tick = site.datacollector.model_vars
    return by_tick["up"], by_tick["back"], site.received


if __name__ == "__main__":
    report.measure("Mesa", run, sys.argv[1:])
