"""The workload in Mesa, as its tutorials have it: a set of agents that Mesa activates in every tick, in random order.

Hosts and technicians with nothing before them leave the set. `mesa_model.py` is the faster form, which looks after
due agents itself.
"""

import sys
from collections import deque

import mesa
from mesa.agent import AgentSet

import report


class Actor(mesa.Agent):
    """Acts in the tick that it is due, and leaves the set when there will be none."""

    def __init__(self, model, due_tick):
        super().__init__(model)
        self.due_tick = due_tick

    def step(self):
        if self.due_tick == self.model.tick:
            self.due_tick = self.act()
            if self.due_tick is None:
                self.model.active.discard(self)


class Technician(Actor):
    def __init__(self, model, fleet):
        super().__init__(model, None)
        self.fleet = fleet
        self.host = None

    def begin_repair(self, host):
        self.host = host
        repair_min = self.model.random.randint(report.REPAIR_MIN_LOW, report.REPAIR_MIN_HIGH)
        self.due_tick = self.model.tick + repair_min
        self.model.active.add(self)

    def act(self):
        self.host.come_back()
        self.host = None
        self.fleet.idle_technicians.append(self)
        if self.model.is_shift:
            self.fleet.dispatch()
        # It may have begun the next repair.
        return self.due_tick if self.host else None


class Host(Actor):
    def __init__(self, model, fleet, receipt_tick):
        super().__init__(model, receipt_tick)
        self.fleet = fleet
        self.has_crashed = False
        self.failed_tries = 0

    def act(self):
        model = self.model
        if not self.has_crashed:
            self.has_crashed = True
            model.received += 1
            model.up -= 1
        elif model.random.random() < report.TRY_PROBABILITY:
            self.come_back()
            return None
        else:
            self.failed_tries += 1
        if self.failed_tries < report.TRIES_MAX:
            return model.tick + report.TRY_EVERY_MIN
        self.fleet.down_hosts.append(self)
        if model.is_shift:
            self.fleet.dispatch()
        return None

    def come_back(self):
        self.model.up += 1
        self.model.back += 1


class Fleet:
    """The hosts that are down, longest first, and the technicians who have nothing to do."""

    def __init__(self, model):
        self.down_hosts = deque()
        self.idle_technicians = [Technician(model, self) for _ in range(report.FLEET_TECHNICIANS)]

    def dispatch(self):
        while self.down_hosts and self.idle_technicians:
            self.idle_technicians.pop().begin_repair(self.down_hosts.popleft())


class Site(mesa.Model):
    def __init__(self, hosts, seed):
        super().__init__(seed=seed)
        self.tick = 0
        self.is_shift = False
        self.up = hosts
        self.back = 0
        self.received = 0
        self.active = AgentSet([], random=self.random)
        self.fleets = [Fleet(self) for _ in range(report.fleet_count(hosts))]
        for host in range(hosts):
            # A host that is off, or never receives, does nothing, so it needs no agent.
            receipt_tick = report.receipt_tick(self.random.random)
            if self.random.random() < report.ON_PROBABILITY and receipt_tick < report.LIVE_TICKS:
                self.active.add(Host(self, self.fleets[host // report.FLEET_HOSTS], receipt_tick))
        self.datacollector = mesa.DataCollector(model_reporters={"up": "up", "back": "back"})

    def step(self):
        # Mesa counts a step before it calls it.
        self.tick = self.steps - 1
        was_shift = self.is_shift
        self.is_shift = report.minutes_to_shift(self.tick) == 0
        self.active.shuffle_do("step")
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
    report.measure("Mesa, agent set", run, sys.argv[1:])
