r"""One code of colours, in every lesson: in charts, schematics, controls and equations.

Each meaning has a colour, and dashes and a shape of points as its second cue. The hues are those of
Okabe & Ito (2008), safe for colour-blind readers, the light ones darkened until each stands out at
3:1 on white and on Jupyter's dark page. They are for lines and areas. Words are never coloured: on
no colour can they be read at 4.5:1 on both pages.

**In equations** the letters stay as they are, and a coloured bar below a term says what it is.
Tried in JupyterLab: in ``\textcolor{#D55E00}{\underbrace{...}}`` the letters take the colour of the
brace, whatever colour is set inside, as "currentColor" is then the brace's. ``\bbox`` with a
border works, but KaTeX (in VS Code) does not know it. A ``\rule`` below the term works light
and dark, is made of commands that KaTeX has too, and can be broken into the dashes of the code, the
second cue. ``barred`` writes it. In Markdown, for b and a, r, and e:

    $\tau \dot v = -v + \underset{\textcolor{#0072B2}{\rule{3em}{2pt}}}{W r + \beta}
      + \underset{\textcolor{#D55E00}{\rule{.7em}{2pt}\,\rule{.7em}{2pt}}}{Q u}$
    $\underset{\textcolor{#009E73}{\rule{2pt}{2pt}\,\rule{2pt}{2pt}\,\rule{2pt}{2pt}}}{r_l}$
    $\underset{\textcolor{#C46A9A}{\rule{.7em}{2pt}\,\rule{2pt}{2pt}\,\rule{.7em}{2pt}}}{e}$

Name a bar once, where it is first seen: ``\underset{\text{apical}}{\underset{...}{Q u}}``.
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """How one meaning looks: colour, dashes of its line, number of the shape of its points."""

    colour: str
    dash: str
    shape: int


#: What a line stands for, by name. ``layer1`` is the first hidden layer.
CODE = {
    "basal": Look("#0072B2", "", 0),  # what comes from below: blue
    "apical": Look("#D55E00", "7 3", 2),  # what comes from above: vermilion
    "rate": Look("#009E73", "2 3", 1),  # what a neuron says: green
    "voltage": Look("#3D9BD1", "12 4", 5),  # what it adds up: sky
    "lateral": Look("#A8763E", "4 2", 4),  # what interneurons of the layer say: brown
    "error": Look("#C46A9A", "9 3 2 3", 3),  # target minus prediction: purple
    "dh": Look("#C28500", "", 0),  # the differential Hebbian rule: amber
    "stdp": Look("#1B8A8A", "14 2", 2),  # what pairs of spikes make of it: teal
    "backprop": Look("#767676", "7 3", 1),  # what it is measured against: grey
    "hebb": Look("#C46A9A", "2 3", 3),  # the control that must fail
    "layer1": Look("#8F86D9", "", 0),  # layers: from light to dark
    "layer2": Look("#6A5ACD", "7 3", 1),
    "layer3": Look("#6F7B8A", "2 3", 2),
    "layer4": Look("#9C7A4D", "9 3 2 3", 3),
}
#: Curves without a meaning of their own, in this order.
COLOURS = ("#0072B2", "#C28500", "#009E73", "#D55E00", "#C46A9A", "#3D9BD1")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "12 4", "4 2")


def look(which: int | str) -> Look:
    """The look of a meaning, or of the curve with this number. KeyError names what there is."""
    if isinstance(which, str):
        if which not in CODE:
            raise KeyError(f"colour: got {which!r}, expected one of {', '.join(CODE)}")
        return CODE[which]
    return Look(COLOURS[which % len(COLOURS)], DASHES[which % len(DASHES)], which % 6)


def layer(number: int) -> str:
    """The name in CODE of layer 1, 2, ...; from the fifth on they begin anew."""
    return f"layer{(number - 1) % 4 + 1}"


def barred(term: str, meaning: str, width: float = 1.5) -> str:
    """TeX for a term with the coloured bar of a meaning below it, about ``width`` em wide (in the
    small type of an index): whole, or broken into the meaning's dashes."""
    colour, dash, _ = look(meaning)
    strokes = [0.1 * float(length) for length in dash.split()[::2]]
    if not strokes:
        bar = rf"\rule{{{width:g}em}}{{2pt}}"
    else:
        count = max(2, round(width / sum(each + 0.2 for each in strokes)))
        bar = r"\,".join([rf"\rule{{{each:g}em}}{{2pt}}" for each in strokes] * count)
    return rf"\underset{{\textcolor{{{colour}}}{{{bar}}}}}{{{term}}}"
