// Blocks to be put in order: each has buttons that move it up and down, and a box that leaves it out.
const STYLE = {
  box: "border:1px solid #808080;border-left:4px solid #808080;border-radius:4px;margin:4px 0;" +
    "padding:8px 12px 10px;max-width:700px;min-width:0;font:14px/1.4 sans-serif;" +
    "color:var(--jp-content-font-color1, inherit)",
  legend: "font-weight:bold;padding:0 4px;max-width:100%;white-space:normal",
  list: "list-style:none;margin:6px 0;padding:0",
  item: "display:flex;flex-wrap:wrap;gap:4px 8px;align-items:flex-start;padding:6px 0;" +
    "border-top:1px solid #808080",
  words: "flex:1 1 240px;min-width:0;overflow-wrap:anywhere",
  tools: "display:flex;gap:6px;align-items:center",
  button: "font:inherit;color:inherit;background:transparent;border:1px solid currentColor;" +
    "border-radius:4px;padding:2px 10px;min-height:28px;min-width:32px;cursor:pointer",
};
let count = 0;

function make(tag, style, words, more) {
  const node = document.createElement(tag);
  if (style) node.style.cssText = style;
  if (words) node.textContent = words;
  for (const [key, value] of Object.entries(more || {})) node.setAttribute(key, value);
  return node;
}

function itemOf(block, id, change) {
  const item = make("li", STYLE.item);
  const tools = make("div", STYLE.tools);
  const up = make("button", STYLE.button, "↑", { type: "button", "aria-label": `Move block ${block.letter} up` });
  const down = make("button", STYLE.button, "↓", { type: "button", "aria-label": `Move block ${block.letter} down` });
  const label = make("label", "display:flex;gap:4px;align-items:center;min-height:28px;white-space:nowrap");
  const used = make("input", "width:20px;height:20px", "", { type: "checkbox" });
  used.checked = true;
  label.append(used, document.createTextNode(`use ${block.letter}`));
  tools.append(up, down, label);
  const words = make("div", STYLE.words);
  words.innerHTML = `<strong>${block.letter}</strong> ${block.html}`; // marked and escaped by Python
  item.append(tools, words);
  up.addEventListener("click", () => change(item, -1, up));
  down.addEventListener("click", () => change(item, 1, down));
  used.addEventListener("change", () => {
    words.style.opacity = used.checked ? "" : "0.75";
    words.style.textDecoration = used.checked ? "" : "line-through";
    change(item, 0, used);
  });
  return { item, letter: block.letter, used };
}

function render({ model, el }) {
  const ask = model.get("ask");
  keepKeys(el);
  const box = make("fieldset", STYLE.box);
  box.append(make("legend", STYLE.legend, ask.title), make("div", "", ask.how));
  const list = make("ol", STYLE.list);
  const said = make("div", "min-height:1.4em;margin-top:6px", "", { role: "status" });
  const items = new Map();
  const rows = () => [...list.children].map(item => items.get(item));
  const tell = (letter) => {
    const used = rows().filter(row => row.used.checked).map(row => row.letter);
    const place = used.indexOf(letter) + 1;
    said.textContent = place ? `Block ${letter} is now number ${place} of ${used.length}.`
      : `Block ${letter} is left out.`;
  };
  const change = (item, by, control) => {
    const other = by < 0 ? item.previousElementSibling : by > 0 ? item.nextElementSibling : null;
    if (by < 0 && other) list.insertBefore(item, other);
    if (by > 0 && other) list.insertBefore(other, item);
    control.focus();
    tell(items.get(item).letter);
  };
  for (const block of ask.blocks) {
    const row = itemOf(block, count++, change);
    items.set(row.item, row);
    list.append(row.item);
  }
  const check = make("button", STYLE.button, "Is this a proof?", { type: "button" });
  check.addEventListener("click", () => {
    const letters = rows().filter(row => row.used.checked).map(row => row.letter);
    model.set("sent", { number: (model.get("sent").number || 0) + 1, order: letters });
    model.save_changes();
  });
  const more = make("div", "margin-top:6px");
  more.innerHTML = ask.more; // what the symbols mean, folded
  box.append(list, check, said, more);
  el.replaceChildren(box);
  const answer = () => { if (model.get("said")) said.innerHTML = model.get("said"); };
  answer();
  model.on("change:answer", answer);
  const showStill = hideStill(el);
  return () => { model.off("change:answer", answer); showStill(); };
}

export default { render };
