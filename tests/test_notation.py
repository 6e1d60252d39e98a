"""One symbol, one meaning: what the lessons write in formulas stands in the notation table.

Read are all formulas in Markdown, without their words. A symbol is a letter with its kind of
index: an index that the table names (k_p, tau_s, e_tol) makes a symbol of its own; any other index,
such as a layer, goes with the form that has l, or with the letter alone. Not seen: whether a letter
*means* what the table says.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT

from hebblite.teaching.course_map import LESSONS, lessons_there
from hebblite.teaching.proofs.registry import theorems

GREEK = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi psi phi rho sigma
    tau omega Delta Phi Psi Omega Sigma Gamma Lambda Theta Xi Pi
    """.split()  # noqa: SIM905
FORMULA = re.compile(r"\$\$(.*?)\$\$|(?<![\\$])\$([^$]+?)\$", re.DOTALL)
WORDS = r"\\(?:text|mathrm|operatorname|tag|label|begin|end|class|color|cssId|style)\*?"
BRACED = r"\{(?:[^{}]|\{[^{}]*\})*\}"
ACCENTED = r"\\(?:hat|mathcal|mathbb|mathbf|dot|bar|tilde)\s*(?:\{\s*)?\\?[A-Za-z]+\s*\}?"
LETTER = rf"{ACCENTED}|\\(?:{'|'.join(GREEK)})(?![A-Za-z])|[A-Za-z]"
INDEX = rf"(?:_\s*(?P<index>{BRACED}|\\[A-Za-z]+|[A-Za-z0-9]))?"
SYMBOL = re.compile(rf"(?P<letter>{LETTER})'*{INDEX}")
Key = tuple[str, str]


def symbols(formula: str) -> list[Key]:
    """(letter, index) of the symbols in a formula, in order; differentials and words are none."""
    formula = re.sub(r"_\s*\\text\{\s*(int|tol|lat|post|pre|nudge)\s*\}", r"_{\1}", formula)
    formula = re.sub(r"\\mathbf\s*1|\^\s*\\text\{\s*(?:post|pre|int)\s*\}", " ", formula)
    formula = re.sub(r"\^\s*\{?\{?(?:post|pre|int)\}?(?:\s*\\top)?\}?", " ", formula)
    formula = re.sub(rf"\\textcolor\s*{BRACED}\s*{BRACED}", " ", formula)  # bars below terms
    formula = re.sub(rf"{WORDS}\s*{BRACED}", " ", formula)
    formula = re.sub(r"\\(?:min|max)\b", lambda m: m[0][1:], formula)
    formula = re.sub(r"\b(?:min|max)\b(?!\s*\})", " ", formula)
    formula = re.sub(r"\\partial\s*", " ", formula)
    formula = re.sub(r"(?<![A-Za-z\\])d(?=[A-Za-z\\](?!,))", " ", formula)  # dt, dv, d\tau
    found = []
    for match in SYMBOL.finditer(strip_commands(formula)):
        letter = re.sub(r"[\s{}]", "", match["letter"])
        letter = re.sub(r"\\(?:dot|bar|tilde|mathbf)(?=.)", "", letter)
        index = re.sub(r"[\s{}]", "", match["index"] or "")
        found.append((letter, index))
    return found


def strip_commands(formula: str) -> str:
    """The formula without commands that are no letters, such as \\frac and \\sum."""
    kept = {*GREEK, "hat", "mathcal", "mathbb", "mathbf", "dot", "bar", "tilde"}
    return re.sub(r"\\([A-Za-z]+)", lambda m: m[0] if m[1] in kept else " ", formula)


def table() -> dict[Key, set[str]]:
    """Each symbol of the notation table, and the numbers of the lessons that may use it."""
    notebook = nbformat.read(ROOT / "solutions" / "notation.ipynb", as_version=4)
    every, found = {one.number for one in LESSONS}, {}
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            parts = [part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]]
            if len(parts) < 5 or "$" not in parts[0]:
                continue
            where = every if parts[-1] == "all" else set(parts[-1].split(", "))
            assert where <= every, line
            for formula in FORMULA.finditer(parts[0]):
                first = re.split(r"=|\(", formula[1] or formula[2])[0].strip()
                if first in ("dt", "JQ") or first.startswith(r"\Delta"):
                    continue  # made of symbols that have rows of their own
                (name,) = symbols(first)
                assert name not in found, f"{name} has two rows"
                found[name] = where
    found["x", ""] = every  # stands in the row of r_0
    found[r"\Delta", ""] = every
    return found


def key(symbol: Key, known: dict[Key, set[str]]) -> Key | None:
    """The symbol of the table that this one is, or None."""
    letter, index = symbol
    if index in ("min", "max") and letter == r"\lambda":
        index = ""
    if index == "t" and symbol not in known:
        return None  # times are written in brackets
    for form in ((letter, index), *([(letter, "l")] if index else []), (letter, "")):
        if form in known:
            return form
    return None


def complaints(source: str, number: str, known: dict[Key, set[str]]) -> list[str]:
    """Symbols in the formulas of a Markdown text that lesson ``number`` must not use."""
    source = re.sub(r"^```.*?^```|`[^`\n]*`", "", source, flags=re.DOTALL | re.MULTILINE)
    wrong = []
    for formula in FORMULA.finditer(source):
        text = formula[1] or formula[2]
        if re.search(r"(?<![A-Za-z\\])e\s*\^\s*(?:\{\s*-?\s*[^-+}\s]|[A-Za-z0-9]|\\(?!top))", text):
            wrong.append(f"e^ for \\exp in ${text.strip()}$")
        for symbol in symbols(text):
            found = key(symbol, known)
            name = symbol[0] + (f"_{symbol[1]}" if symbol[1] else "")
            if found is None:
                wrong.append(f"{name} is not in the notation table: ${text.strip()[:60]}$")
            elif number not in known[found]:
                wrong.append(f"{name} is not for lesson {number}: ${text.strip()[:60]}$")
    return list(dict.fromkeys(wrong))


@pytest.mark.parametrize("one", lessons_there(), ids=lambda one: one.number)
def test_symbols_of_a_lesson_are_those_of_the_table(one):
    known = table()
    notebook = nbformat.read(ROOT / "solutions" / one.file, as_version=4)
    wrong = [
        f"[{cell.id}] {complaint}"
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for complaint in complaints(cell.source, one.number, known)
    ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            r"\tau \frac{dv_l}{dt} = -v_l + \underbrace{W_l\, r_{l-1}}_{\text{basal}}",
            "\\tau v_l t v_l W_l r_l-1",
        ),
        (r"\hat y_i = \exp r_i / \sum_j \exp r_j", "\\haty_i r_i j r_j"),
        (r"u_\text{int}, e_\text{tol}, \tau_s", "u_int e_tol \\tau_s"),
        (r"d\,(X[t] + S)", "d X t S"),
        (r"r^\text{post}[T]\, {r^\text{pre}}^\top", "r T r"),
        (r"\partial\mathcal{L}/\partial r_L", "\\mathcalL r_L"),
    ],
)
def test_symbols_are_read(text, expected):
    found = [letter + (f"_{index}" if index else "") for letter, index in symbols(text)]
    assert found == expected.split()


@pytest.mark.parametrize(
    "text, number, wrong",
    [
        ("$k$", "03", "k is not for lesson"),
        (r"$\zeta$", "03", "zeta is not in"),
        ("$p_k$", "02", "p_k is not in"),
        ("$c$", "04", "c is not for lesson"),
        ("$g_t$", "01", "g_t is not in"),
        ("$X$", "02", "X is not for lesson"),
        ("$B$ and $B_1$", "00", "B_1 is not for lesson"),
        (r"$\delta$ and $\delta_l$", "02", r"\delta is not in"),
        (r"$\varepsilon_l$", "05", "not for lesson"),
        (r"$e^{-t/\tau}$", "03", "e^ for"),
        ("$e^{r_i}$", "02", "e^ for"),
        ("$e^2$", "02", "e^ for"),
        *((text, "05", "") for text in ("$e^-$", "$e^{+}$", r"$e^\top$", "$k_p$", "$P$ $P_{l-1}$")),
        (r"$\lambda_{\min} \le \lambda_i$ `$k$`", "05", ""),
        (r"$dW$ $\Delta b$ $r_0^+$", "03", ""),
        ("$H^*$", "04", ""),
    ],
)
def test_a_symbol_of_another_meaning_is_found(text, number, wrong):
    found = complaints(text, number, table())
    assert (wrong in found[0]) if wrong else found == [], found


def assumptions():
    """The names of the table of assumptions, and the lessons that their rows name."""
    notebook = nbformat.read(ROOT / "solutions" / "notation.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "assumptions"]
    rows = re.findall(r"^\| \*(.+?)\* \|.*\| ([\d, ]+) \|$", cell.source, re.MULTILINE)
    return {name: set(where.split(", ")) for name, where in rows}


@pytest.mark.parametrize("number", theorems())
def test_what_a_theorem_assumes_has_a_row_that_names_its_lesson(number):
    theorem, known = theorems()[number], assumptions()
    missing = [name for name in theorem.assumptions if theorem.lesson not in known.get(name, ())]
    assert missing == []
