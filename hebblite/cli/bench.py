"""``bench``: how long a training batch takes, beside the bound."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..errors import CheckpointError, check_count
from ..experiments import bench as timing
from ..experiments.results import aligned
from ..files import write_text


def bench(args: argparse.Namespace) -> int:
    """The ``bench`` command; its exit code."""
    repeats = check_count("--repeats", args.repeats)
    print(f"128x256x256 float32 products: {timing.speed_of_products():.0f} GFLOP/s")
    content: Any
    if args.scaling:
        content = timing.scaling(repeats)
        for name, rows in content.items():
            print(f"\nDFC x DH, time per batch against {name}")
            cells = [(name, "ms"), *((str(r[name]), f"{r['seconds'] * 1e3:.1f}") for r in rows)]
            print(aligned(cells))
        if args.figure is not None:
            try:
                timing.plot_scaling(content, str(args.figure))
            except (OSError, ValueError) as error:
                raise CheckpointError(f"{args.figure}: cannot be written ({error})") from error
    else:
        cases = [case for case in timing.CASES if case.name in args.cases]
        for case in cases:
            shown, hidden = timing.phases(case.make())
            steps = f"{hidden} free and {shown} nudged steps" if hidden else f"{shown} steps"
            shape = "-".join(map(str, case.sizes))
            print(f"{case.name}: {shape} {case.hidden}, batch {case.batch}, {steps}")
        results = []
        print(f"\n{'case':<13} {'rule':<14} {'s/batch':>8} {'bound':>8} {'ratio':>6}")
        for r in timing.timings(cases, args.rules, repeats):
            results.append(r)
            line = f"{r.case:<13} {r.rule:<14} {r.seconds:8.4f} {r.bound:8.4f} {r.ratio:6.2f}"
            print(line, flush=True)
        content = timing.as_dicts(results)
    if args.json is not None:
        write_text(args.json, json.dumps(content, indent=1))
    return 0
