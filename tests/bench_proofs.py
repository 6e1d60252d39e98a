"""How long ``prove`` takes: the first check of each step in a fresh kernel, and later ones.

    python tests/bench_proofs.py          all steps
    python tests/bench_proofs.py T3 T5.1  these

*first*: a right answer, after the lesson has been imported, with no world drawn yet. *wrong*: a
known wrong one after that, with the search of the smallest network. *again*: both once more, the
longer of the two. What is asked for: first below 2 s on two cores, again below 50 ms. Times are
those of the processor, so that a machine that has other things to do says the same.
"""

from __future__ import annotations

import subprocess
import sys
import time

from hebblite.teaching.proofs import steps, verdict


def one(number: str) -> tuple[float, float, float]:
    """Seconds of the first check, of a wrong answer, and of what comes later."""
    step = steps()[number]
    answers = [(step.right[0], list(step.uses)), (step.wrong[0][0], None)]
    times = []
    for _ in range(2):
        for answer, uses in answers:
            begun = time.process_time()
            verdict(step, answer, uses)
            times.append(time.process_time() - begun)
    return times[0], times[1], max(times[2:])


def main(wanted: list[str]) -> int:
    if wanted[:1] == ["--one"]:
        print(*one(wanted[1]))
        return 0
    print("step     first   wrong   again")
    for number in steps():
        if wanted and not number.startswith(tuple(wanted)):
            continue
        run = [sys.executable, __file__, "--one", number]  # a kernel of its own: nothing is drawn
        said = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
        first, wrong, again = (1000 * float(x) for x in said)
        print(f"{number:6} {first:7.0f} {wrong:7.0f} {again:7.0f}  ms", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
