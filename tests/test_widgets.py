"""Stored pictures and controls: what a notebook keeps of them, and what a control offers. How they
behave on a page is tested in test_browser.py."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.teaching import still, svg, widgets
from hebblite.teaching.widgets import choice, explore, log_slider, slider, switch

LABEL = 'Line: "rising" & from 0 to <1>.'


def drawing(label=LABEL):
    return svg.matrix(np.eye(2), "title", label)


def images(page):
    """The pictures of a stored page: (alt, the svg inside as an element)."""
    found = re.findall(r'<img alt="([^"]*)"[^>]*src="data:image/svg\+xml;base64,([^"]*)"', page)
    return [(alt, ET.fromstring(base64.b64decode(data))) for alt, data in found]


def test_a_stored_picture_is_an_image_with_its_words():
    stored = still.bundle(svg.beside(drawing(), drawing("another one")), "Note.")
    (alt, root), (second, _) = images(stored["text/html"])
    assert "<svg" not in stored["text/html"] and alt.startswith("Line: &quot;rising&quot;")
    assert second == "another one"
    assert stored["text/plain"] == f"{LABEL}\nanother one\nNote."
    assert stored["text/html"].endswith("<p>Note.</p>")
    width, height = still.size(drawing())
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    assert "width:100%" not in root.get("style"), "the image has its own size"


def test_numbers_on_a_map_are_read_on_any_of_its_colours_and_have_real_signs():
    values = np.linspace(-1, 1, 101)[None]
    drawn = ET.fromstring(svg.matrix(values, "a ramp", LABEL, digits=2))
    words = [
        node for node in drawn.iter() if node.tag.endswith("text") and node.get("fill")[0] == "#"
    ]
    assert [node.text for node in words[:2]] == ["−1.00", "−0.98"] and len(words) == 101
    assert "-" not in "".join(filter(None, drawn.itertext()))
    for node, paper in zip(words, svg.signed(values)[0], strict=True):
        ink = np.array([int(node.get("fill")[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        a, b = sorted(
            np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
            @ [0.2126, 0.7152, 0.0722]
            for c in (ink, paper)
        )
        assert (b + 0.05) / (a + 0.05) >= 4.5, (node.text, node.get("fill"))


def test_it_brings_ink_and_paper_for_light_and_dark_and_the_inline_one_none():
    _, root = images(still.bundle(drawing())["text/html"])[0]
    style = root.find("{http://www.w3.org/2000/svg}style").text
    light, dark = style.split("@media (prefers-color-scheme:dark)")
    assert all("color:#" in theme and "background:#" in theme for theme in (light, dark))
    assert "<style" not in drawing() and not re.search(r"[^-]color:|background", drawing())
    assert "currentColor" in drawing()


def test_sentences_around_a_picture_and_pictures_within_pictures_stay():
    inner = '<svg viewBox="0 0 9 9" role="img" aria-label="out"><svg x="1"/><svg></svg></svg>'
    stored = still.bundle(f"<p>Before &amp; <b>then</b>.</p>{inner}<p>After.</p>")
    assert stored["text/plain"] == "Before & then.\nout\nAfter."
    assert len(images(stored["text/html"])) == 1
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert still.words(table) == "a b\nc"
    with pytest.raises(ValueError, match="viewBox"):
        still.bundle("<svg></svg>")


def test_explore_redraws_and_shows_errors_as_words():
    def draw(k):
        if k == 3:
            raise ValueError("k: got 3, expected <3")
        if k == 5:
            raise AssertionError
        return f"<p>{k}</p>"

    box = explore(draw, k=slider("k", 1, 0, 5, 1))
    assert box.picture == "<p>1</p>"
    box.move(k=3)
    assert box.picture == "<p role='alert'>k: got 3, expected &lt;3</p>"
    box.move(k=5)  # an error that says nothing is named
    assert re.search(r"<p role='alert'>AssertionError\W", box.picture)
    box.move(k=4)
    assert box.picture == "<p>4</p>"


def test_it_is_stored_as_its_first_picture_with_a_line_on_how_to_move_it(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    box = explore(lambda k: drawing(), k=slider("k", 1, 0, 5, 1))
    box._ipython_display_()
    stored, live = shown
    assert len(images(stored["text/html"])) == 1 and widgets.NOTE in stored["text/html"]
    assert stored["text/plain"] == f"{LABEL}\n{widgets.NOTE}"
    assert still.words(stored["text/html"]) == stored["text/plain"]
    assert list(live) == [still.VIEW] and live[still.VIEW]["model_id"] == box.model_id


def test_a_slider_offers_its_values_as_they_are_shown():
    whole = slider("digit", 2, 0, 4, 1)
    assert whole.values == (0, 1, 2, 3, 4) and all(type(v) is int for v in whole.values)
    fine = slider("offset", 0.0, -0.5, 0.5, 0.25)
    assert fine.texts == ("−0.50", "−0.25", "0.00", "0.25", "0.50")
    assert fine.values == (-0.5, -0.25, 0, 0.25, 0.5) and fine.start == 2
    unit = slider("delay (ms)", 5, 0, 6, 0.5)
    assert unit.label == "delay" and unit.texts[-1] == "6.0 ms" and unit.values[unit.start] == 5
    assert slider("turn (°)", 5, 0, 10, 5).texts == ("0°", "5°", "10°")
    assert slider("from the top (1)", 1, 0, 2, 1).label == "from the top (1)"
    assert slider("a start between", 0.3, 0, 1, 0.5).values == (0, 0.3, 0.5, 1)
    assert slider("not a whole number of steps", 0, 0, 1.1, 0.5).values == (0, 0.5, 1, 1.1)
    assert slider("a rate", 1.0, 0, 2, 1, colour="rate").colour == "rate"


def test_a_logarithmic_slider_shows_what_is_drawn_without_exponents():
    control = log_slider("gain k", 1e-4, 1e-4, 2.0, 20)
    assert control.texts[0] == "0.0001" and control.texts[-1] == "2"
    assert all(float(t) == v for t, v in zip(control.texts, control.values, strict=True))
    steps = np.diff(np.log(control.values))
    assert np.allclose(steps, steps[0], rtol=0.05)
    assert log_slider("dimensions", 100, 2, 100_000, 30).texts[-1] == "100000"


def test_lists_and_boxes_give_their_values():
    assert choice("which", ["a", "b"], "b").start == 1
    assert switch("on", True).values[0] is False and switch("on", True).start == 1
    box = explore(lambda **values: str(values), way=choice("w", ["a", "b"], "b"), on=switch("on"))
    assert box.picture == "{'way': 'b', 'on': False}"
    box.move(way="a", on=True)
    assert box.picture == "{'way': 'a', 'on': True}"
