"""Every link in notebooks and pages leads somewhere; every picture has words. Without network."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mistune
import nbformat
import pytest
from conftest import ROOT

SHARED = ("index.ipynb", "notation.ipynb", "glossary.ipynb", "references.ipynb")
NOTEBOOKS = [p for f in ("solutions", "course") for p in sorted((ROOT / f).glob("*.ipynb"))]
LESSONS = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]
PAGES = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / "solutions").glob("*.md"),
        *ROOT.glob("hebblite/**/*.md"),
    ]
)
BAR = base64.b64encode(
    b"<svg xmlns='http://www.w3.org/2000/svg' aria-label='a bar'><rect/></svg>"
).decode()
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}")
DOI = re.compile(r"10\.\d{4,9}/[^\s{}]*[^\s{}.,;]")


def name(path):
    return str(path.relative_to(ROOT))


@dataclass
class Document:
    """What a Markdown text links to: (address, words) each, its pictures, and its headings."""

    links: list[tuple[str, str]]
    pictures: list[tuple[str, str]]
    headings: list[str]
    ids: list[str]


class Tags(HTMLParser):
    """Links, pictures and ids of raw HTML inside Markdown."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "a" and "href" in found:
            self.document.links.append((found["href"], ""))
        if tag == "img":
            self.document.pictures.append((found.get("src", ""), found.get("alt", "")))
        self.document.ids += [found[key] for key in ("id", "name") if key in found]


def nodes(tree: list[dict]) -> Iterator[dict]:
    for node in tree:
        yield node
        yield from nodes(node.get("children", []))


def words(node: dict) -> str:
    """The text of a node as a reader sees it."""
    own = " " if node["type"] in ("softbreak", "linebreak") else node.get("raw", "")
    return own + "".join(map(words, node.get("children", [])))


def parse(text: str) -> Document:
    """Read Markdown. A formula is no link, whatever brackets it has."""
    for formula in (r"\$\$.*?\$\$", r"(?<![\\$])\$[^$\n]+\$"):
        text = re.sub(formula, lambda m: re.sub(r"[\[\]()<>!]", "x", m[0]), text, flags=re.DOTALL)
    document = Document([], [], [], [])
    markdown = mistune.create_markdown(renderer="ast", plugins=["table", "url"])
    for node in nodes(markdown(text)):
        if node["type"] == "link":
            document.links.append((node["attrs"]["url"], words(node)))
        elif node["type"] == "image":
            document.pictures.append((node["attrs"]["url"], words(node)))
        elif node["type"] == "heading":
            document.headings.append(words(node).strip())
        elif node["type"] in ("inline_html", "block_html"):
            Tags(document).feed(node["raw"])
    return document


def read(path: Path) -> Document:
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    else:
        texts = [path.read_text(encoding="utf-8")]
    whole = Document([], [], [], [])
    for part in map(parse, texts):
        for field in ("links", "pictures", "headings", "ids"):
            getattr(whole, field).extend(getattr(part, field))
    return whole


def anchors(path: Path) -> set[str]:
    """What may stand behind # in a link to ``path``: in Jupyter's form, or GitHub's."""
    document = read(path)
    if path.suffix == ".ipynb":
        return {heading.replace(" ", "-") for heading in document.headings} | {*document.ids}
    slugs = [re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in document.headings]
    return {*slugs, *document.ids}


def problem(link: str, source: Path) -> str:
    """ "" if ``link`` in ``source`` is sound, else what is wrong."""
    parts = urlsplit(link)
    if parts.scheme or link.startswith("//"):
        if parts.scheme != "https":
            return "not https"
        if not HOST.fullmatch(parts.netloc) or re.search(r"\s", link):
            return "not a well-formed address"
        if parts.netloc.endswith("doi.org") and not (
            parts.netloc == "doi.org" and DOI.fullmatch(unquote(parts.path[1:]))
        ):
            return "not a well-formed DOI: https://doi.org/10.NUMBER/NAME"
        return ""
    if parts.path.startswith("/"):
        return "a path of one machine"
    target = (source.parent / unquote(parts.path)).resolve() if parts.path else source
    if not target.exists() or not target.is_relative_to(
        ROOT if source.is_relative_to(ROOT) else "/"
    ):
        return "no such file"
    if parts.fragment and unquote(parts.fragment) not in anchors(target):
        return f"no such heading in {target.name}"
    return ""


def complaints(path: Path) -> list[str]:
    """All that is wrong with the links and pictures of ``path``."""
    document = read(path)
    found = []
    for link, said in document.links:
        wrong = problem(link, path)
        named = re.match(r"doi:(\S+)", said)
        if not wrong and named and link != f"https://doi.org/{named[1]}":
            wrong = f"leads elsewhere than its words, {said}"
        if wrong:
            found.append(f"{link}: {wrong}")
    for picture, alt in document.pictures:
        if not alt.strip():
            found.append(f"{picture}: a picture without a text alternative")
        elif picture.startswith("data:"):
            if not is_svg(picture):
                found.append(f"{picture[:40]}: no picture that every front end shows")
        elif wrong := problem(picture, path):
            found.append(f"{picture}: {wrong}")
    return found


def is_svg(address: str) -> bool:
    """Whether an address holds the data of an SVG with a text alternative of its own."""
    head, _, data = address.partition(",")
    if head != "data:image/svg+xml;base64":
        return False
    root = ET.fromstring(base64.b64decode(data))
    return root.tag == "{http://www.w3.org/2000/svg}svg" and bool(root.get("aria-label"))


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=name)
def test_every_link_leads_somewhere(path):
    assert complaints(path) == []


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_every_lesson_links_to_the_shared_pages(path):
    linked = {urlsplit(link).path for link, _ in read(path).links}
    assert linked >= {page for page in SHARED if (path.parent / page).exists()}


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_lesson_links_to_nothing_outside_its_folder(path):
    """It is handed out without the rest of the project."""
    assert [link for link, _ in read(path).links if link.startswith("..")] == []


def test_there_is_something_to_check():
    assert ROOT / "README.md" in PAGES and len(LESSONS) >= 2
    assert any(read(path).links for path in NOTEBOOKS)


def test_addresses_in_code_and_bibliography_are_https():
    files = [ROOT / "CITATION.cff", ROOT / "pyproject.toml", *ROOT.glob("*/*.bib")]
    files += ROOT.glob("hebblite/**/*.py")
    addresses, dois = [], []
    for path in files:
        source = path.read_text(encoding="utf-8")
        addresses += re.findall(r"https?://[^\s\"'`<>{})]+[^\s\"'`<>{}).,]", source)
        if path.suffix == ".bib":
            dois += re.findall(r"doi\s*=\s*\{(.*?)\}", source)
    namespaces = {"http://www.w3.org/2000/svg"}  # a name that looks like an address
    assert addresses and dois
    assert {a: p for a in {*addresses} - namespaces if (p := problem(a, ROOT / "README.md"))} == {}
    assert [doi for doi in dois if not DOI.fullmatch(doi)] == []


@pytest.fixture
def page(tmp_path):
    """Two notebooks and a page that know each other."""
    v4 = nbformat.v4
    other = v4.new_notebook(
        cells=[v4.new_markdown_cell("# Ein Ziel: *so* `x`!\n\n<a id='here'></a>")]
    )
    nbformat.write(other, tmp_path / "other.ipynb")
    (tmp_path / "page.md").write_text("# Some Heading, again\n", encoding="utf-8")
    (tmp_path / "a picture.png").write_bytes(b"")

    def complain(text):
        cell = v4.new_markdown_cell("## My part\n\n" + text)
        nbformat.write(v4.new_notebook(cells=[cell]), tmp_path / "this.ipynb")
        return complaints(tmp_path / "this.ipynb")

    return complain


@pytest.mark.parametrize(
    "text",
    [
        "[a](other.ipynb) [b](other.ipynb#here) [c](other.ipynb#Ein-Ziel:-so-x!) [d](#My-part)",
        "[a](page.md#some-heading-again) ![seen](a%20picture.png)",
        f"![a bar][hero]\n\n[hero]: data:image/svg+xml;base64,{BAR}",
        "[doi:10.1038/323533a0](https://doi.org/10.1038/323533a0) <https://example.org/a?b=c>",
        "`[a](nowhere.ipynb)` and $f[a](x)$\n\n```\n[a](nowhere.ipynb)\n```",
    ],
)
def test_sound_links_pass(page, text):
    assert page(text) == []


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("[a](nowhere.ipynb)", "no such file"),
        ("| a |\n|---|\n| [a](nowhere.ipynb) |", "no such file"),
        ("<a href='nowhere.ipynb'>a</a>", "no such file"),
        ("[a](#my-part)", "no such heading"),
        ("[a](other.ipynb#Nowhere)", "no such heading"),
        ("[a](page.md#Some-Heading)", "no such heading"),
        ("[a](/etc/hosts)", "a path of one machine"),
        ("[a](http://example.org)", "not https"),
        ("http://example.org", "not https"),
        ("[a](file:///etc/hosts)", "not https"),
        ("[a](https://example)", "not a well-formed address"),
        ("[a](https://)", "not a well-formed address"),
        ("[a](https://doi.org/nothing)", "not a well-formed DOI"),
        ("[a](https://dx.doi.org/10.1038/323533a0)", "not a well-formed DOI"),
        ("[a](https://doi.org/10.1038/323533a0.)", "not a well-formed DOI"),
        ("[doi:10.1038/1](https://doi.org/10.1038/2)", "leads elsewhere"),
        ("![](a%20picture.png)", "without a text alternative"),
        ("<img src='a%20picture.png'>", "without a text alternative"),
        ("![seen](nothing.png)", "no such file"),
        ("![seen](attachment:b.svg)", "not https"),  # JupyterLab would not show it
        (f"![](data:image/svg+xml;base64,{BAR})", "without a text alternative"),
        (f"![seen](data:image/png;base64,{BAR})", "no picture that every front end shows"),
    ],
)
def test_broken_links_are_found(page, text, wrong):
    (found,) = page(text)
    assert wrong in found


# ---------------------------------------------------------------------- references

#: "Bi G., Poo M. (1998)" in a list of references.
CITED = re.compile(r"^- \W*([^\W\d_]+(?:[ -][^\W\d_]+)*?) [A-Z][.-].*?\((\d{4})", re.MULTILINE)


def prose(path):
    notebook = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def works(text):
    """(surname of the first author, year) of the entries of a list."""
    return set(CITED.findall(re.sub(r"\n +", " ", text)))


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_what_a_lesson_cites_is_on_the_page_of_references(path):
    text = prose(path)
    cited = works(text[text.index("## References") :])
    assert cited
    assert cited <= works(prose(path.parent / "references.ipynb"))


def test_the_page_of_references_and_the_bibliography_agree():
    page = prose(ROOT / "solutions" / "references.ipynb")
    entries = re.split(r"^@", (ROOT / "solutions" / "references.bib").read_text(), flags=re.M)[1:]
    years = {re.search(r"year\s*= \{(\d{4})", entry)[1] for entry in entries}
    assert years == {year for _, year in works(page)} and len(entries) == page.count("\n- ")
    for entry in entries:
        doi = re.search(r"doi\s*= \{(.*)\}", entry)
        assert doi is None or f"https://doi.org/{doi[1]}" in page
        title = re.search(r"title\s*= \{(.*)\},", entry)[1].replace("{", "").replace("}", "")
        assert title in page
