"""How long a training takes when many run at once on one machine, as in a class on a hub:

    python tests/bench_crowd.py [processes]

Each is a process as a learner starts it, with no variable set: two epochs of lesson 00's network
(784-128-64-10, Deep Feedback Control with DH, batches of 64, the packaged digits). Printed are the
CPU and wall seconds of a training, as medians over those that run at once, and how many times those
of one alone they are; last, the longest of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

TRAINING = """
import time
from hebblite import Network, fit
from hebblite.data import load_digits
from hebblite.frameworks import DeepFeedbackControl
from hebblite.rules import DifferentialHebbian

digits = load_digits()
net = Network([784, 128, 64, 10], hidden="relu", init="he_normal")
wall, cpu = time.perf_counter(), time.process_time()
fit(net, DeepFeedbackControl(k_p=0.5, dt=0.005, steps=20), DifferentialHebbian(), digits.x_train,
    digits.y_train, epochs=2, batch_size=64, confidence=0.9, progress=False,
    validation=(digits.x_test, digits.y_test))
print(time.process_time() - cpu, time.perf_counter() - wall)
"""


def at_once(count: int) -> list[tuple[float, float]]:
    """CPU and wall seconds of each of so many trainings that start together."""
    free = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TRAINING], stdout=subprocess.PIPE, text=True, env=free
        )
        for _ in range(count)
    ]
    return [tuple(map(float, process.communicate()[0].split())) for process in running]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    at_once(1)  # for the caches
    alone = [
        statistics.median(each) for each in zip(*(at_once(1)[0] for _ in range(5)), strict=True)
    ]
    print(f"{'at once':>8} {'CPU s':>8} {'wall s':>8} {'x CPU':>8} {'x wall':>8} {'longest':>8}")
    for crowd in (1, *(n for n in (2, 4, 8, 16) if n < count), count):
        each = list(zip(*at_once(crowd), strict=True))
        cpu, wall = map(statistics.median, each)
        print(
            f"{crowd:>8} {cpu:>8.2f} {wall:>8.2f} {cpu / alone[0]:>8.2f} {wall / alone[1]:>8.2f} "
            f"{max(each[1]) / alone[1]:>8.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
