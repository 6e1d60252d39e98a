"""The player: what is sent, what is stored, and in JupyterLab that it plays without a kernel."""

from __future__ import annotations

import inspect
import json
from itertools import pairwise
from xml.etree import ElementTree as ET

import nbformat
import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from hebblite import Network
from hebblite.data import one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import DeepFeedbackControl
from hebblite.stream import Record
from hebblite.teaching.chart import Panel, Series, chart
from hebblite.teaching.player import HINT, differences, moments, pack, play, play_block
from hebblite.teaching.schematic import Drawing, neuron
from hebblite.teaching.still import VIEW

LABEL = "A neuron that lights up as its drives grow."


def draw(level):
    d = Drawing(300, 320, f"{LABEL} Now at {level:.2f}.")
    parts = neuron(d, 130, 190, b=level, a=level - 0.5, v=level, r=level)
    d.say(*parts.tuft.right(8), f"{level:.2f}")
    return d.svg()


# ---------------------------------------------------------------------- what is sent


def applied(base, changes, k):
    """Frame k as the browser makes it."""
    root = ET.fromstring(base)
    for index, node in enumerate(root.iter()):
        for name, values in changes.get(index, {}).items():
            if name == "text":
                node.text = values[k]
            elif values[k] is None:
                node.attrib.pop(name, None)
            else:
                node.set(name, values[k])
    return canonical(root)


def canonical(root):
    return [(n.tag, sorted(n.attrib.items()), n.text or "") for n in root.iter()]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_every_frame_comes_back_from_the_base_and_the_changes(levels):
    frames = [draw(level) for level in levels]
    base, changes = differences(frames)
    for k, frame in enumerate(frames):
        assert applied(base, changes, k) == canonical(ET.fromstring(frame))


def test_an_attribute_that_some_frames_lack():
    frames = ['<svg a="1"><g/></svg>', '<svg><g b="2">x</g></svg>']
    base, changes = differences(frames)
    assert changes == {0: {"a": ["1", None]}, 1: {"b": [None, "2"], "text": ["", "x"]}}
    assert applied(base, changes, 0) == canonical(ET.fromstring(frames[0]))


def test_only_what_differs_is_sent():
    frames = [draw(k / 99) for k in range(100)]
    packed = pack(frames, LABEL)
    assert "whole" not in packed and packed["count"] == 100
    assert len(json.dumps(packed)) < 0.15 * sum(map(len, frames))
    for _, name, values in packed["changes"]:
        assert len(values) == 100 and len(set(values)) > 1, name


def test_frames_with_other_parts_are_sent_whole():
    x = np.arange(5.0)
    frames = [
        chart([Panel("", "x", "y", [Series("a", x, x)] * n)], "A line chart of one or two lines.")
        for n in (1, 2)
    ]
    packed = pack(frames, LABEL)
    assert packed["whole"] == frames and "base" not in packed
    with pytest.raises(ArgumentError, match="other parts in frame 1"):
        differences(frames)


def test_curves_of_a_chart_that_grow_are_changes():
    x = np.arange(5.0)
    frames = [
        chart([Panel("", "x", "y", [Series("a", x, k * x)], y_range=(0, 9))], LABEL) for k in (1, 2)
    ]
    names = [name for _, name, _ in pack(frames, LABEL)["changes"]]
    assert names == ["points"]


def test_wrong_arguments_are_named():
    with pytest.raises(ArgumentError, match="frames: got none"):
        pack([], LABEL)
    with pytest.raises(ArgumentError, match="captions: got 1, expected one for each of 2"):
        pack([draw(0), draw(1)], LABEL, ["one"])
    with pytest.raises(ArgumentError, match="says what is seen"):
        pack([draw(0)], "short")
    with pytest.raises(ArgumentError, match="seconds"):
        pack([draw(0)], LABEL, seconds=0)


# ---------------------------------------------------------------------- blocks


def phase():
    net = Network([3, 4, 2], seed=1)
    dfc = DeepFeedbackControl(steps=60)
    return Record()(dfc.teach(net, np.ones((1, 3)), one_hot([1], 2)))


@pytest.mark.parametrize("pace", ["time", "change"])
@pytest.mark.parametrize("count", [2, 7, 500])
def test_moments_begin_at_the_free_state_and_end_at_the_last(pace, count):
    block = phase()
    rows = moments(block, count, pace)
    assert rows[0] == 0 and rows[-1] == block.steps and len(rows) <= count + 1
    assert rows == sorted(set(rows))


def test_frames_by_change_lie_where_the_rates_move():
    block = phase()
    by_time, by_change = (moments(block, 20, pace) for pace in ("time", "change"))
    far = sum(np.abs(np.diff(r[:, 0], axis=0)).sum(axis=1) for r in block.rates[1:])

    def largest(rows):
        return max(far[a:b].sum() for a, b in pairwise(rows))

    assert largest(by_change) < largest(by_time)
    with pytest.raises(ArgumentError, match='"time" or "change"'):
        moments(block, 20, "speed")


def test_a_block_is_played_with_its_times():
    block = phase()
    seen = []

    def picture(block, t):
        seen.append(t)
        return draw(float(block.rates[1][t, 0, 0]))

    player = play_block(block, picture, LABEL, count=10)
    assert seen == moments(block, 10)
    captions = player.film["captions"]
    assert captions[0] == "0 ms" and captions[-1] == f"{1000 * block.time[-1]:.0f} ms"


# ---------------------------------------------------------------------- what is stored


@pytest.mark.parametrize("still", [0, -1])
def test_a_stored_player_is_a_frame_with_its_text_and_a_line(still, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    frames = [draw(0.0), draw(1.0)]
    play(frames, LABEL, still=still)._ipython_display_()
    stored, live = shown
    now = "0.00" if still == 0 else "1.00"
    assert f'alt="{LABEL} Now at {now}."' in stored["text/html"]
    assert "data:image/svg+xml;base64," in stored["text/html"] and "<svg" not in stored["text/html"]
    assert HINT in stored["text/html"] and list(live) == [VIEW]
    assert stored["text/plain"] == f"{LABEL} Now at {now}.\n{HINT}"


# ---------------------------------------------------------------------- in JupyterLab

CODE = f"""
from hebblite.teaching.player import play
from hebblite.teaching.schematic import Drawing, neuron
{inspect.getsource(draw)}
LABEL = {LABEL!r}
play([draw(k / 80) for k in range(81)], LABEL, [f"{{k}} ms" for k in range(81)], seconds=2)
"""
#: Counts the frames that are drawn until the player stands still.
COUNT = """() => new Promise(done => {
    const root = document.querySelector('.hebblite-player'), seen = [];
    const watch = new MutationObserver(() => {
        seen.push(Number(root.dataset.frame));
        if (seen.at(-1) === 80) { watch.disconnect(); done(seen); }
    });
    watch.observe(root, { attributes: true, attributeFilter: ['data-frame'] });
    root.querySelector('.go').focus();
})"""


def whole_film(page):
    """Play from the start to the end by keyboard; the frames that were drawn."""
    page.get_by_role("slider", name="Moment").press("Home")
    page.evaluate(f"() => {{ window.drawn = ({COUNT})(); }}")
    page.keyboard.press("Space")
    return page.evaluate("() => window.drawn")


def stage(page):
    return page.evaluate(
        "() => document.querySelector('.hebblite-player .stage').shadowRoot.innerHTML"
    )


@pytest.mark.browser
def test_it_plays_pauses_and_scrubs_by_keyboard_with_and_without_a_kernel(browser):
    from browser import run_all, served

    cell = nbformat.v4.new_code_cell(CODE)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    with served({"player": notebook}) as url:
        page = browser.new_page()
        run_all(page, url, "player")
        root = page.locator(".hebblite-player")
        root.wait_for(timeout=30_000)
        for kernel_is_there in (True, False):
            if not kernel_is_there:
                page.evaluate(
                    "() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"
                )
            frames = whole_film(page)
            assert frames == sorted(set(frames)) and frames[-1] == 80
            assert len(frames) >= 20, f"{len(frames)} frames in two seconds"
            moment = page.get_by_role("slider", name="Moment")
            pictures = []
            for key, frame in (
                ("Home", "0"),
                ("ArrowRight", "1"),
                ("End", "80"),
                ("ArrowLeft", "79"),
            ):
                moment.press(key)
                assert root.get_attribute("data-frame") == frame
                assert moment.get_attribute("aria-valuetext") == f"{frame} ms"
                pictures.append(stage(page))
            assert len(set(pictures)) == 4
            page.get_by_role("status").filter(has_text="79 ms").wait_for()  # told once it stands
            moment.press("Home")
            moment.press("Space")  # plays,
            page.wait_for_function("document.querySelector('.hebblite-player').dataset.frame > 3")
            assert page.get_by_role("status").filter(has_text="79 ms").count()  # says nothing,
            moment.press("Space")  # and stands
            at = root.get_attribute("data-frame")
            page.evaluate("() => new Promise(done => setTimeout(done, 200))")
            assert root.get_attribute("data-frame") == at and 3 < int(at) < 80
        page.close()


def test_the_module_is_there_for_the_browser():
    folder = ROOT / "hebblite" / "teaching"
    assert "export default" in (folder / "player.js").read_text()
    assert ".hebblite-player" in (folder / "player.css").read_text()
