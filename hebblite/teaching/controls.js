// Controls above a picture, in any Jupyter front end. All of it is plain HTML: native elements with
// labels, one tab stop each. What a control shows is worked out in Python (widgets.py) and comes as
// a list of texts, so that here a slider or list is a number of a place in its list.
//
// A move is sent at once. While the kernel is at work the library holds further moves back and
// sends only the latest state, so that the picture never lags behind the hand.

const PAUSE = 700; // ms without a change until the new picture is told to a screen reader
let count = 0;

function make(tag, parent, attributes = {}) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  parent.append(node);
  return node;
}

// Each kind: builds its elements, and returns how its state is read and written.
const KINDS = {
  slider(row, id, control, moved) {
    const input = make("input", row, { type: "range", id, min: 0, max: control.texts.length - 1, step: 1 });
    const seen = make("span", row, { className: "hebblite-value", ariaHidden: "true" });
    // As wide as the longest text, so that nothing moves while the value does.
    seen.style.minWidth = Math.max(...control.texts.map((text) => text.length)) + "ch";
    const tell = () => {
      seen.textContent = control.texts[input.value];
      input.setAttribute("aria-valuetext", seen.textContent);
    };
    input.addEventListener("input", () => { tell(); moved(); });
    return { read: () => Number(input.value), write: (at) => { input.value = at; tell(); }, input };
  },
  list(row, id, control, moved) {
    const input = make("select", row, { id });
    control.texts.forEach((text, at) => make("option", input, { value: at, textContent: text }));
    input.addEventListener("change", moved);
    return { read: () => Number(input.value), write: (at) => { input.value = at; }, input };
  },
  box(row, id, control, moved) {
    const input = make("input", row, { type: "checkbox", id });
    row.prepend(input);
    input.addEventListener("change", moved);
    return { read: () => Number(input.checked), write: (at) => { input.checked = at > 0; }, input };
  },
};

// What a picture says to a reader who does not see it: its words and the pictures' labels in order.
function words(picture) {
  const said = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent);
    else if (node.nodeType !== Node.ELEMENT_NODE) return;
    else if (node.localName === "svg") said.push(node.getAttribute("aria-label"));
    else if (node.localName === "img") said.push(node.alt);
    else node.childNodes.forEach(walk);
  };
  walk(picture);
  return said.map((part) => (part || "").trim()).filter(Boolean).join(" ");
}

function render({ model, el }) {
  el.classList.add("hebblite-box");
  keepKeys(el);
  const panel = make("div", el, { className: "hebblite-controls" });
  const picture = make("div", el, { className: "hebblite-picture" });
  const status = make("div", el, { className: "hebblite-said", role: "status", ariaLive: "polite" });
  const parts = {};
  const send = () => {
    model.set("at", Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read()])));
    model.save_changes();
  };
  for (const control of model.get("controls")) {
    const id = `hebblite-${++count}-${Math.random().toString(36).slice(2)}`;
    const row = make("div", panel, { className: `hebblite-control hebblite-a-${control.kind}` });
    make("label", row, { htmlFor: id, textContent: control.label });
    parts[control.name] = KINDS[control.kind](row, id, control, send);
    if (control.colour) parts[control.name].input.style.accentColor = control.colour;
  }
  const place = () => {
    const at = model.get("at");
    for (const [name, part] of Object.entries(parts)) if (part.read() !== at[name]) part.write(at[name]);
  };
  let timer;
  const draw = () => { picture.innerHTML = model.get("picture"); };
  const redraw = () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => { status.textContent = words(picture); }, PAUSE);
  };
  for (const [name, part] of Object.entries(parts)) part.write(model.get("at")[name]);
  draw();
  const showStill = hideStill(el);
  const echoed = () => { if (document.activeElement?.closest(".hebblite-box") !== el) place(); };
  model.on("change:picture", redraw);
  model.on("change:at", echoed); // moved in another view, or by Python
  return () => {
    clearTimeout(timer);
    showStill();
    model.off("change:picture", redraw);
    model.off("change:at", echoed);
  };
}

export default { render };
