"""How long a slider takes to draw: from the key press to the new picture on the screen.

    python tests/bench_sliders.py             every slider of every lesson
    python tests/bench_sliders.py 00 01       these lessons, by number or name
    python tests/bench_sliders.py --json      the same as JSON

Measured in the page, in real JupyterLab in headless Chromium: from the time stamp of the keydown
event until two frames after the change of the picture, which is when it has surely been painted.
The kernel's part, from the message it gets to the message it sends back, stands beside it; it
includes the way there and back. Each slider is walked from where it stands, from its minimum and
from its maximum, so that cheap and costly ends both count. The aim is below 100 ms in the median
and below 200 ms at the 95th percentile on two cores. Nothing fails here: look at the numbers.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import numpy as np
from browser import chosen, chromium, course, run_all, served, widgets, without_outputs

TARGET = {"median": 100.0, "p95": 200.0}

# One promise for each press: {ms, kernel} once two frames have passed since the picture's change;
# null if the picture stays as it is for two seconds.
ARM = """root => {
    window.timed = new Promise(done => {
        let pressed;
        document.addEventListener('keydown', e => { pressed = e.timeStamp; },
            {capture: true, once: true});
        const seen = new MutationObserver(records => {
            const drawn = records.some(r => (r.target.closest ?? (() => r.target.parentElement))
                .call(r.target, '.hebblite-picture'));
            if (!drawn || pressed === undefined) return;
            seen.disconnect();
            clearTimeout(limit);
            const kernel = watch.answeredAt - watch.sentAt;
            watch.frames(2).then(() => done({ms: performance.now() - pressed, kernel}));
        });
        const limit = setTimeout(() => { seen.disconnect(); done(null); }, 2000);
        seen.observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
    });
}"""


def press(page, widget, slider, key: str) -> dict | None:
    """Press a key on a slider: the times in ms, or None if that drew nothing new."""
    slider.focus()
    before, sent = slider.state(), page.evaluate("watch.sent")
    widget.node.evaluate(ARM)
    page.keyboard.press(key)
    if slider.state() == before:
        return None
    times = page.evaluate("window.timed")
    page.evaluate("sent => watch.settle(sent)", sent)
    return times


def walk(page, widget, slider, presses: int) -> list[dict]:
    """About ``presses`` timed moves, a third each from the present place and from both ends."""
    each = max(presses // 3, 1)
    keys = ["ArrowRight"] * each
    keys += ["Home", *["ArrowRight"] * each, "End", *["ArrowLeft"] * each]
    return [times for key in keys if (times := press(page, widget, slider, key))]


def measure(names: Sequence[str], presses: int) -> list[dict]:
    """One row for each slider: lesson, cell, label, and the times of all presses in ms."""
    rows = []
    with chromium() as browser, served(without_outputs(course(names))) as url:
        for name in names:
            page = browser.new_page(viewport={"width": 1200, "height": 1600})
            run_all(page, url, name)
            for widget in widgets(page):
                for slider in (c for c in widget.controls if c.kind == "slider"):
                    times = walk(page, widget, slider, presses)
                    rows.append(
                        {
                            "lesson": name,
                            "cell": widget.cell,
                            "slider": slider.label,
                            "ms": [t["ms"] for t in times],
                            "kernel_ms": [t["kernel"] for t in times],
                        }
                    )
            page.close()
    return rows


def summary(ms: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile; NaN of nothing."""
    if not ms:
        return {"median": float("nan"), "p95": float("nan")}
    return {"median": float(np.median(ms)), "p95": float(np.percentile(ms, 95))}


def line(lesson: str, cell: object, slider: str, ms: list[float], kernel: list[float]) -> str:
    whole, inner = summary(ms), summary(kernel)
    met = all(whole[key] < TARGET[key] for key in TARGET)
    return (
        f"{lesson:<22} {cell!s:>4}  {slider:<34} {len(ms):>7} {whole['median']:>7.0f} "
        f"{whole['p95']:>7.0f} {inner['median']:>8.0f} {inner['p95']:>7.0f}  "
        f"{'yes' if met else 'NO'}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lessons", nargs="*", help="numbers or names; all if none is given")
    parser.add_argument("--presses", type=int, default=45, help="per slider (default 45)")
    parser.add_argument("--json", action="store_true", help="print JSON, every press included")
    options = parser.parse_args(arguments)
    rows = measure(chosen(options.lessons), options.presses)
    everything = [ms for row in rows for ms in row["ms"]]
    if options.json:
        for row in rows:
            row |= summary(row["ms"])
        print(json.dumps({"target": TARGET, "all": summary(everything), "sliders": rows}, indent=1))
        return 0
    print("From key press to painted picture, and the kernel's part of it, in ms\n")
    heads = f"{'lesson':<22} {'cell':>4}  {'slider':<34} {'presses':>7} {'median':>7} {'p95':>7}"
    aim = f"within {TARGET['median']:g}/{TARGET['p95']:g}"
    print(f"{heads} {'(kernel)':>8} {'(p95)':>7}  {aim}")
    for row in rows:
        print(line(row["lesson"], row["cell"], row["slider"], row["ms"], row["kernel_ms"]))
    kernel = [ms for row in rows for ms in row["kernel_ms"]]
    print(line("all", "", "", everything, kernel))
    return 0


if __name__ == "__main__":
    sys.exit(main())
