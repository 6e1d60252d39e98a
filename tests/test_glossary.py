"""Every word that a lesson introduces in italics is in the glossary, or is mere emphasis."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT

from hebblite.teaching.course_map import LESSONS, lessons_there

ITALIC = re.compile(r"(?<![*\w\\])\*(?![*\s])([^*]+?)(?<!\s)\*(?![*\w])")
#: Words that lessons stress, without defining them. Add to it what is no term.
STRESSED = set(
    """
    a above act added adding adds after all alone always an and any are at average before below both
    by can cause change changes could delay different direction do does down earlier each every few
    aside first forward from grows his how if in is isn't it its itself last learned less longer
    columns degrees entries feedback independent learn length lengths noise outside voltages
    many may minus more most moves much multiply must nearer necessary negative neither neuron
    neurons never new no nobody not nothing now odd of off on one only onset opposite or other
    others own plus probability proportional raises random same second sends should sign slower
    small smaller some start steady still than that the their them these this those three time
    timing to together too total two unless up useful was what when where whether which while who
    why will with within without works you your end early attention sum
    constant pre half period stays copies blamed presynaptic rate late anew equal short kind
    transpose teaches
    """.split()  # noqa: SIM905
)
#: Other forms of what the glossary has.
FORMS = {
    "backprop": "backpropagation",
    "bernoulli": "bernoulli neuron",
    "differential hebbian": "differential hebbian rule",
    "error-based": "error-based rule",
    "hidden": "hidden layer",
    "integral": "integral control",
    "poisson": "poisson process",
    "proportional": "proportional control",
    "telescopes": "telescoping",
}
LONG = 4  # so many words are a sentence that is stressed


def prose(path):
    """The Markdown of a lesson up to its references, without formulas and code."""
    kept = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            if re.match(r"## References", cell.source):
                break
            kept.append(cell.source)
    text = "\n\n".join(kept)
    return re.sub(r"\$\$.*?\$\$|\$[^$]+\$|```.*?```|`[^`\n]*`", " ", text, flags=re.DOTALL)


def terms():
    """What the glossary explains, in small letters."""
    text = "\n".join(
        cell.source
        for cell in nbformat.read(ROOT / "solutions" / "glossary.ipynb", as_version=4).cells
        if cell.id not in ("header", "footer")
    )
    entries = re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)
    words = [word for entry in entries for word in re.split(r",\s+", entry)]
    return [re.sub(r"\s+", " ", word).lower().strip(": ") for word in words]


def unexplained(text, known):
    """Words in italics that are neither explained nor known as emphasis."""
    found = []
    for match in ITALIC.finditer(text):
        word = re.sub(r"\s+", " ", match[1]).lower().strip(".,:;?! ")
        forms = {word, word.removesuffix("s"), word.removesuffix("es"), FORMS.get(word, word)}
        parts = re.findall(r"[\w']+", word)
        stressed = len(parts) >= LONG or set(parts) <= STRESSED
        if not stressed and not forms & known:
            found.append(match[1])
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("one", lessons_there(), ids=lambda one: one.number)
def test_what_a_lesson_puts_in_italics_is_explained(one):
    assert unexplained(prose(ROOT / "solutions" / one.file), set(terms())) == []


def test_no_word_is_explained_twice_and_all_lead_to_lessons():
    words = terms()
    assert [word for word in set(words) if words.count(word) > 1] == []
    text = "\n\n".join(
        cell.source
        for cell in nbformat.read(ROOT / "solutions" / "glossary.ipynb", as_version=4).cells
    )
    entries = re.split(r"\n\n(?=\*\*)", text)[1:]
    assert len(entries) > 80
    numbers = "|".join(one.number for one in LESSONS)
    for entry in entries:
        last = re.split(r"\n\n|(?=## )", entry)[0]
        assert re.search(rf"(\[({numbers})\]\(\2_\w+\.ipynb\)|\(lesson ({numbers})\))$", last), last


@pytest.mark.parametrize(
    "text, found",
    [
        ("a *synapse* and *Synapses*", []),
        ("this is *not* so, *only one*", []),
        ("a *flux capacitor* here", ["flux capacitor"]),
        ("**bold**, 2 * 3 * 4 and *differential Hebbian*", []),
        ("**bold *grumble* bold**", ["grumble"]),
    ],
)
def test_terms_are_told_from_emphasis(text, found):
    assert unexplained(text, set(terms())) == found
