"""The workload in NumPy: hosts and technicians are columns, every phase of a tick is a few array operations.

Guarded, a phase is skipped while it has nothing to do. With `--dense`, every phase runs in every tick: what
vectorised code costs that keeps no book of what is pending.
"""

import sys

import numpy as np

import report

OFF, WAITING, CRASHED, DOWN, UP = range(5)
NEVER = -1


class Site:
    def __init__(self, hosts, seed):
        fleets = report.fleet_count(hosts)
        self.rng = np.random.default_rng(seed)
        is_on = self.rng.random(hosts, dtype=np.float32) < report.ON_PROBABILITY
        self.state = np.where(is_on, WAITING, OFF).astype(np.int8)
        self.next_try = np.full(hosts, NEVER, dtype=np.int16)
        self.failed_tries = np.zeros(hosts, dtype=np.int8)
        # A host is down at most once, so a fleet's queue needs a place per host and never wraps.
        self.queue = np.empty((fleets, report.FLEET_HOSTS), dtype=np.int32)
        self.head = np.zeros(fleets, dtype=np.int16)
        self.tail = np.zeros(fleets, dtype=np.int16)
        self.busy_until = np.full((report.FLEET_TECHNICIANS, fleets), NEVER, dtype=np.int16)
        self.in_hand = np.zeros((report.FLEET_TECHNICIANS, fleets), dtype=np.int32)
        self.received = 0
        self.back = 0
        self.trying = 0
        self.queued = 0
        self.in_repair = 0

    def run(self, is_dense):
        up = np.empty(report.TICKS, dtype=np.int64)
        back = np.empty(report.TICKS, dtype=np.int64)
        for tick in range(report.TICKS):
            is_live = tick < report.LIVE_TICKS
            is_shift = report.minutes_to_shift(tick) == 0
            if is_dense or 0 < self.in_repair:
                self.end_repairs(tick)
            if is_dense or 0 < self.trying:
                self.try_to_recover(tick)
            if is_dense or is_live:
                self.receive(tick, is_live)
            if is_dense or (is_shift and 0 < self.queued):
                self.begin_repairs(tick, is_shift)
            up[tick] = self.state.size - self.received + self.back
            back[tick] = self.back
        return up, back

    def end_repairs(self, tick):
        is_done = self.busy_until == tick
        hosts = self.in_hand[is_done]
        self.state[hosts] = UP
        self.in_repair -= hosts.size
        self.back += hosts.size

    def try_to_recover(self, tick):
        due = np.flatnonzero(self.next_try == tick)
        has_won = self.rng.random(due.size, dtype=np.float32) < report.TRY_PROBABILITY
        winners, losers = due[has_won], due[~has_won]
        self.state[winners] = UP
        self.next_try[winners] = NEVER
        self.back += winners.size
        self.failed_tries[losers] += 1
        is_out = self.failed_tries[losers] == report.TRIES_MAX
        self.next_try[losers] = np.where(is_out, NEVER, tick + report.TRY_EVERY_MIN)
        self.trying -= winners.size + np.count_nonzero(is_out)
        self.enqueue(losers[is_out])

    def enqueue(self, hosts):
        """Hosts come in ascending order, so those of one fleet stand side by side."""
        fleets = hosts // report.FLEET_HOSTS
        rank = np.arange(hosts.size) - np.searchsorted(fleets, fleets)
        self.queue[fleets, self.tail[fleets] + rank] = hosts
        self.tail += np.bincount(fleets, minlength=self.tail.size).astype(np.int16)
        self.state[hosts] = DOWN
        self.queued += hosts.size

    def receive(self, tick, is_live):
        waiting = np.flatnonzero(self.state == WAITING)
        probability = report.RECEIPT_PROBABILITY if is_live else 0.0
        hosts = waiting[self.rng.random(waiting.size, dtype=np.float32) < probability]
        self.state[hosts] = CRASHED
        self.next_try[hosts] = tick + report.TRY_EVERY_MIN
        self.received += hosts.size
        self.trying += hosts.size

    def begin_repairs(self, tick, is_shift):
        for technician in range(report.FLEET_TECHNICIANS):
            busy_until, in_hand = self.busy_until[technician], self.in_hand[technician]
            fleets = np.flatnonzero((busy_until <= tick) & (self.head < self.tail) & is_shift)
            in_hand[fleets] = self.queue[fleets, self.head[fleets]]
            self.head[fleets] += 1
            repair_min = self.rng.integers(
                report.REPAIR_MIN_LOW, report.REPAIR_MIN_HIGH, fleets.size, dtype=np.int16, endpoint=True
            )
            busy_until[fleets] = tick + repair_min
            self.queued -= fleets.size
            self.in_repair += fleets.size


def main(arguments):
    is_dense = arguments[:1] == ["--dense"]

    def run(hosts, seed):
        site = Site(hosts, seed)
        up, back = site.run(is_dense)
        return up.tolist(), back.tolist(), site.received

    tool = "NumPy, dense" if is_dense else "NumPy, guarded"
    report.measure(tool, run, arguments[is_dense:])


if __name__ == "__main__":
    main(sys.argv[1:])
