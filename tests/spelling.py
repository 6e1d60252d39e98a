"""Spelling of everything that people read, with codespell; British forms, with -ise.

    python tests/spelling.py [FILE ...]     exit code 1, and a line for each word, if any is wrong

Prose is checked, code is not: Markdown, docstrings, comments, and strings of more than one word
(what checks say to learners). codespell has a dictionary from British to American; here it is read
the other way round. Titles of other people's works keep their spelling.
"""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tempfile
import tokenize
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WRONG_ON_PURPOSE = {"test_spelling.py"}
FOLDERS = ("hebblite", "tests", "solutions", "course")
# American forms that are right in British text as well, or names of things.
BOTH = set(
    """
    acknowledgment acknowledgments analog analogs biased canceled dialog dialogs focused focuses
    focusing judgment judgments lambaste lambastes license licensed licenses licensing math meter
    meters overwritable program refocused refocuses refocusing routing salable specialties
    specialty stories story tidbit tidbits writable enroll enrolls donut donuts
    optimizer optimizers
    """.split()  # noqa: SIM905
)
MORE = {"fiber": "fibre", "fibers": "fibres", "leveled": "levelled", "traveling": "travelling"}
MORE |= {"dialed": "dialled", "tunneling": "tunnelling", "channeled": "channelled"}
IZE = re.compile(r"\b(\w+)iz(e|ed|es|er|ers|ing|able|ations?)\b", re.IGNORECASE)
WITH_Z = {"s", "re", "res", "pr", "se", "caps", "optimizer", "optimizers"}


def prose_of_markdown(text: str, references: bool = False) -> str:
    """``text`` without code, formulas, addresses and, in references, titles; lines are kept."""
    blank = lambda match: re.sub(r"\S", " ", match[0])  # noqa: E731
    for pattern in (
        r"^```.*?^```",
        r"^~~~.*?^~~~",
        r"``.*?``|`[^`\n]*`",
        r"\$\$.*?\$\$",
        r"\$[^$\n]+\$",
        r"\]\([^)\s]*\)",
        r"https?://\S+|\bdata:\S+",
        r"<[^>]*>",
        r"\.color\b|[\w-]*color[\w-]*\s*[:=]",  # a property of CSS or an argument
    ):
        text = re.sub(pattern, blank, text, flags=re.DOTALL | re.MULTILINE)
    if references or re.search(r"^#+ (References|Sources|Further reading)", text, re.MULTILINE):
        text = re.sub(r"(?<!\*)\*[^*]+\*(?!\*)", blank, text)
    return text


def prose_of_code(text: str) -> str:
    """Comments, docstrings and strings of several words, each on its own line of ``text``."""
    lines = [""] * (text.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            found = re.sub(r"# (noqa|type|fmt):.*", "", token.string)
        elif token.type == tokenize.STRING:
            try:
                found = str(ast.literal_eval(token.string))
            except ValueError:  # an f-string, in Python 3.11
                found = token.string
        elif tokenize.tok_name[token.type] == "FSTRING_MIDDLE":  # from Python 3.12 on
            found = token.string
        else:
            continue
        if token.type != tokenize.COMMENT and " " not in found.strip():
            continue
        for number, line in enumerate(prose_of_markdown(found).split("\n"), start=token.start[0]):
            lines[min(number, len(lines) - 1)] += " " + line
    return "\n".join(lines[1:])


def pieces(path: Path) -> dict[str, str]:
    """The prose of a file; of a notebook, cell by cell."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return {"": (prose_of_markdown if path.suffix == ".md" else prose_of_code)(text)}
    found = {}
    for number, cell in enumerate(json.loads(text)["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            prose = prose_of_markdown(source, references=path.stem == "references")
        else:
            prose = prose_of_code(source)
        found[f"/{cell.get('id', number)}"] = prose
    return found


def american(prose: str) -> dict[str, str]:
    """American forms and what they are here: codespell's list, and every -ize in ``prose``."""
    data = resources.files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = [line.strip().split("->") for line in data.read_text(encoding="utf-8").splitlines()]
    words = {us.rstrip(","): gb for gb, us in pairs if us.rstrip(",") not in BOTH} | MORE
    for match in IZE.finditer(prose):
        word, stem, end = match[0].lower(), match[1].lower(), match[2].lower()
        if not {word, stem} & WITH_Z and not re.search(r"_|\d|size|sizing", word):
            words.setdefault(word, f"{stem}is{end}")
    return words


def misspelt(paths: list[Path], root: Path = ROOT) -> list[str]:
    """A line "place:number: wrong ==> right" for each wrong word in ``paths``."""
    with tempfile.TemporaryDirectory() as folder:
        everything = []
        for path in paths:
            for name, prose in pieces(path).items():
                place = Path(folder) / "prose" / (str(path.relative_to(root)) + name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(prose, encoding="utf-8", errors="replace")  # half a character
                everything.append(prose)
        dictionary = Path(folder) / "american.txt"
        words = american("\n".join(everything))
        dictionary.write_text(
            "".join(f"{us}->{gb}\n" for us, gb in sorted(words.items())), encoding="utf-8"
        )
        command = [sys.executable, "-m", "codespell_lib", "--toml", str(ROOT / "pyproject.toml")]
        command += ["--dictionary", "-", "--dictionary", str(dictionary), "prose"]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if run.stderr and run.returncode not in (0, 65):
            raise RuntimeError(run.stderr)
        return [line.removeprefix("prose/") for line in run.stdout.splitlines() if "==>" in line]


def main(names: list[str], root: Path = ROOT) -> int:
    """Check the files ``names``, or all that people read."""
    paths = [Path(name).resolve() for name in names] or [
        *sorted(root.glob("*.md")),
        *sorted(
            path
            for folder in FOLDERS
            for kind in ("*.md", "*.py", "*.ipynb")
            for path in (root / folder).rglob(kind)
            if ".ipynb_checkpoints" not in path.parts and path.name not in WRONG_ON_PURPOSE
        ),
    ]
    wrong = misspelt(paths, root)
    print("\n".join(wrong) if wrong else f"Spelling: nothing wrong in {len(paths)} files.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
