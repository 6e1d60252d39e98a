"""What is wrong with a page: the questions that the browser tests ask of lessons, opened or run.

Each function returns a list of complaints, empty where all is well.
"""

from __future__ import annotations

import html
import re

from hebblite.teaching.still import TAG, VIEW, words

#: What is ours on a page. The frame that Jupyter draws around it (outline, prompts, code) is not.
OURS = (".jp-RenderedMarkdown", ".jp-OutputArea-output")

#: What no reader should be shown, wherever a notebook is opened.
UNWANTED = re.compile(
    r"Error (?:displaying|creating|loading) widget|model not found|Loading widget|[VH]Box\(|"
    r"\d%\||IPython\.\w+|<Figure|Traceback \(most|object at 0x|hebblite\.teaching\.\w+\."
)


# ---------------------------------------------------------------------- the stored notebook


def problems_of_outputs(notebook) -> list[str]:
    """What stored outputs have that not every front end can show."""
    found = []
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            page, plain = data.get("text/html", ""), data.get("text/plain", "")
            said = [output.get("text", ""), plain]
            if VIEW in data:
                found.append(f"cell {number}: a widget, whose kernel is gone")
            if TAG.search(page):
                found.append(f"cell {number}: an inline svg, of which only the words may be left")
            if "image/png" in data or "image/svg+xml" in data:
                found.append(f"cell {number}: a picture that Jupyter shows without its words")
            found += [
                f"cell {number}: shows {match[0]!r}"
                for match in filter(None, map(UNWANTED.search, said))
            ]
            # A box has a table or tags around its picture, which plain text writes in its own way.
            said_all = plain.splitlines() == words(page).splitlines() or (
                page.startswith("<div style=")
                and all(alt in plain for alt in alternatives(page) or ["<img"])
            )
            if "<img" in page and not said_all:
                found.append(f"cell {number}: the plain text does not say what the page says")
    return found


def alternatives(page: str) -> list[str]:
    """What the images of a page say to a reader who does not see them."""
    return [html.unescape(alt) for alt in re.findall(r'<img\b[^>]*\balt="([^"]*)"', page)]


def pictures(notebook) -> int:
    """How many pictures a reader should see: in Markdown, and in outputs that are not collapsed."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            count += len(re.findall(r"!\[[^\]]*\]\(attachment:|<img\b", cell.source))
        elif not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            for page in (o.get("data", {}).get("text/html", "") for o in cell.get("outputs", [])):
                count += len(re.findall(r"<img\b", page)) + outermost(page)
    return count


def outermost(page: str) -> int:
    """How many inline svgs a page has, not counting those within others."""
    depth = count = 0
    for tag in TAG.finditer(page):
        count += not depth and not tag[1]
        depth += -1 if tag[1] else 0 if tag[2] else 1
    return count


# ---------------------------------------------------------------------- the page


SEEN = """ours => {
    const found = {complaints: [], pictures: 0, words: []};
    const folded = node => node.closest('details:not([open])') !== null;
    for (const node of document.querySelectorAll(ours)) {
        if (node.closest('.jp-mod-outputsHidden') || node.querySelector(ours)) continue;
        if (!node.checkVisibility()) continue;
        found.words.push(node.textContent);
        for (const picture of node.querySelectorAll('img, svg[role=img]')) {
            if (picture.parentElement.closest('svg')) continue;
            const label = picture.alt ?? picture.getAttribute('aria-label') ?? '';
            const box = picture.getBoundingClientRect();
            const empty = Math.min(box.width, box.height) < 20 || picture.naturalWidth === 0;
            if (!folded(picture) && empty)
                found.complaints.push(`a picture that is not seen: ${label}`);
            else if (!/\\w/.test(label))
                found.complaints.push(`a picture without words: ${picture.outerHTML.slice(0, 99)}`);
            else found.pictures += 1;
        }
    }
    return found;
}"""


def problems_of_view(page, notebook) -> list[str]:
    """What a reader is shown of a stored notebook that is open on this page, or not shown."""
    seen = page.evaluate(SEEN, ", ".join(OURS))
    found = list(seen["complaints"])
    for shown in seen["words"]:
        found += [f"shows {match[0]!r}" for match in UNWANTED.finditer(shown)]
    if seen["pictures"] < pictures(notebook):
        found.append(f"{seen['pictures']} of {pictures(notebook)} pictures are seen")
    said = {"".join(shown.split()) for shown in seen["words"]}
    for cell in notebook.cells:  # soup: words of a drawing whose lines have been taken away
        for page_ in (o.get("data", {}).get("text/html", "") for o in cell.get("outputs", [])):
            if TAG.search(page_) and "".join(re.sub(r"<[^>]*>", "", page_).split()) in said:
                found.append("words of a picture without the picture")
    return found


def findings(page, ours=OURS) -> list[str]:
    """Serious and critical findings of axe in what is ours. No rule is switched off. One finding is
    Jupyter's: in its style sheet links in Markdown have a colour and no line; a page of Markdown
    cannot say otherwise. In our own outputs the same finding counts."""
    from axe_playwright_python.sync_playwright import Axe

    where = [[kind] for kind in ours if page.locator(kind).count()]
    if not where:
        return []
    result = Axe().run(page, {"include": where}, {"resultTypes": ["violations"]}).response
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:300]}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if violation["id"] != "link-in-text-block"
        or not page.locator(node["target"][0]).evaluate(
            "n => n.matches('.jp-MarkdownCell .jp-RenderedMarkdown a')"
        )
    ]


# Text in SVG: its colour is ``fill``, which axe does not know. The paper is whatever is painted
# under the middle of the text. WCAG 1.4.3: 4.5, or 3 for large text.
SVG_CONTRAST = """async () => {
    const SVG = 'http://www.w3.org/2000/svg';
    const rgba = colour => {
        const [r, g, b, a = 1] = (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
        return [r, g, b, a];
    };
    const over = (top, under) => {
        const a = top[3];
        return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)).concat(1);
    };
    const luminance = c => {
        const [r, g, b] = c.slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const opacity = node => {
        let product = 1;
        for (; node?.namespaceURI === SVG; node = node.parentNode)
            product *= Number(getComputedStyle(node).opacity);
        return product;
    };
    const paint = node => {  // what an element puts on the paper, or null
        const style = getComputedStyle(node);
        const onPage = node.namespaceURI !== SVG || node.tagName === 'svg';
        if (onPage) return rgba(style.backgroundColor);
        if (['text', 'tspan', 'g', 'title'].includes(node.tagName)) return [0, 0, 0, 0];
        if (node.tagName === 'image') return null;
        if (style.fill === 'none') return [0, 0, 0, 0];
        const colour = rgba(style.fill);
        colour[3] *= Number(style.fillOpacity) * opacity(node);
        return colour;
    };
    const poor = [];
    const look = (svg, document, outside) => {
        for (const text of svg.querySelectorAll('text')) {
            if (!text.textContent.trim()) continue;
            const box = text.getBoundingClientRect();
            const x = box.x + box.width / 2, y = box.y + box.height / 2;
            const layers = [];
            let known = true;
            const stack = document.elementsFromPoint(x, y);
            stack.push(...outside?.elementsFromPoint(x, y) ?? []);
            const own = stack.indexOf(text);
            for (const node of stack.slice(own + 1)) {
                const colour = paint(node);
                if (colour === null) { known = false; break; }
                layers.push(colour);
                if (colour[3] === 1) break;
            }
            if (!known) continue;  // on a photograph: looked at by people
            const white = [255, 255, 255, 1];
            const paper = layers.reverse().reduce((under, top) => over(top, under), white);
            const style = getComputedStyle(text), ink = rgba(style.fill);
            ink[3] *= Number(style.fillOpacity) * opacity(text);
            if (ink[3] === 0) continue;  // not there, at the end of a film
            const [a, b] = [luminance(over(ink, paper)), luminance(paper)].sort((p, q) => q - p);
            const contrast = (a + 0.05) / (b + 0.05);
            const width = svg.getBoundingClientRect().width;
            const scale = width / (svg.viewBox.baseVal.width || width);
            const size = parseFloat(style.fontSize) * scale;
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (contrast < (large ? 3 : 4.5))
                poor.push(`contrast ${contrast.toFixed(1)} of "${text.textContent}"`
                    + ` (${style.fill} on ${paper.slice(0, 3).map(Math.round)})`);
        }
    };
    for (const svg of document.querySelectorAll('.jp-OutputArea-output svg[role=img]')) {
        svg.scrollIntoView({block: 'center'});
        look(svg, document);
    }
    for (const {shadowRoot} of document.querySelectorAll('.hebblite-player .stage')) {
        shadowRoot.host.scrollIntoView({block: 'center'});
        for (const svg of shadowRoot.querySelectorAll('svg[role=img]'))
            look(svg, shadowRoot, document);
    }
    // A picture in an image is opened as the document it is, in the colours of the image's page.
    for (const img of document.querySelectorAll('img[src^="data:image/svg+xml"]')) {
        if (!img.checkVisibility()) continue;
        const frame = document.createElement('iframe');
        frame.style = `position: fixed; inset: 0 auto auto 0; border: 0; width: `
            + `${img.naturalWidth}px; height: ${img.naturalHeight}px`;
        const file = await (await fetch(img.src)).blob();
        frame.src = URL.createObjectURL(file);
        img.parentNode.append(frame);
        await new Promise(done => { frame.onload = done; });
        // A film is looked at when it has come to its end.
        for (const film of frame.contentDocument.getAnimations()) film.finish();
        look(frame.contentDocument.documentElement, frame.contentDocument);
        frame.remove();
        URL.revokeObjectURL(frame.src);
    }
    return [...new Set(poor)];
}"""


#: What is only there while it runs. The rest of a page is the same when it is exported.
LIVE = (".hebblite-box", ".hebblite-player", ".jp-OutputArea-output form")


def barriers(page) -> list[str]:
    """Text in pictures that is hard to read, and what axe finds in widgets."""
    return page.evaluate(SVG_CONTRAST) + findings(page, LIVE)


# Controls under a magnifying glass: within the window's width, large enough for a finger (WCAG
# 2.5.8: 24 pixels in both directions), their value and label beside them, and nothing on top.
OUT_OF_REACH = """() => {
    const found = [];
    const ours = ':is(.hebblite-box, .hebblite-player) :is(input, select, button)';
    for (const node of document.querySelectorAll(ours)) {
        node.scrollIntoView({block: 'center', inline: 'nearest'});
        const box = node.getBoundingClientRect();
        const name = node.labels?.[0]?.textContent || node.ariaLabel || node.textContent;
        const say = problem => found.push(`${name}: ${problem}`);
        const least = node.type === 'range' ? 60 : node.type === 'checkbox' ? 20 : 24;
        if (box.width < least || box.height < 20) say(`only ${box.width} x ${box.height}`);
        const pane = node.closest('.jp-OutputArea-output').getBoundingClientRect();
        if (box.left < pane.left - 1 || box.right > Math.min(pane.right, innerWidth) + 1)
            say(`reaches from ${box.left} to ${box.right}, beyond ${pane.right}`);
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (top !== node && !node.contains(top)) say('something lies on top of it');
        for (const part of node.parentElement.querySelectorAll('label, .hebblite-value')) {
            const at = part.getBoundingClientRect();
            if (at.right > innerWidth + 1 || at.width < 1 || part.scrollWidth > at.width + 1)
                say(`"${part.textContent}" is cut off`);
        }
    }
    return found;
}"""
