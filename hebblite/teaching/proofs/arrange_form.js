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

function itemOf(block, id, change) {
  const item = element("li", STYLE.item);
  const tools = element("div", STYLE.tools);
  const up = element("button", STYLE.button, "↑", { type: "button", "aria-label": `Move block ${block.letter} up` });
  const down = element("button", STYLE.button, "↓", { type: "button", "aria-label": `Move block ${block.letter} down` });
  const label = element("label", "display:flex;gap:4px;align-items:center;min-height:28px;white-space:nowrap");
  const used = element("input", "width:20px;height:20px", "", { type: "checkbox" });
  used.checked = true;
  label.append(used, document.createTextNode(`use ${block.letter}`));
  tools.append(up, down, label);
  const words = element("div", STYLE.words);
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
  const box = element("fieldset", STYLE.box);
  box.append(element("legend", STYLE.legend, ask.title), element("div", "", ask.how));
  const list = element("ol", STYLE.list);
  const said = element("div", "min-height:1.4em;margin-top:6px", "", { role: "status" });
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
  const check = element("button", STYLE.button, "Is this a proof?", { type: "button" });
  check.addEventListener("click", () => {
    const letters = rows().filter(row => row.used.checked).map(row => row.letter);
    model.set("sent", { number: (model.get("sent").number || 0) + 1, order: letters });
    model.save_changes();
  });
  const more = element("div", "margin-top:6px");
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
