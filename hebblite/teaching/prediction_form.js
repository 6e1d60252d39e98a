// The form of a prediction: a field for each number, or a choice, and a button that keeps it.
const STYLE = {
  box: "border:1px solid #808080;border-left:4px solid #808080;border-radius:4px;margin:4px 0;" +
    "padding:8px 12px 10px;max-width:640px;min-width:0;font:14px/1.4 sans-serif;" +
    "color:var(--jp-content-font-color1, inherit)",
  legend: "font-weight:bold;padding:0 4px;max-width:100%;white-space:normal",
  row: "display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;margin:6px 0",
  field: "font:inherit;color:inherit;background:transparent;border:1px solid #808080;" +
    "border-radius:3px;padding:4px 6px;width:8em;max-width:100%;min-height:28px;box-sizing:border-box",
  button: "font:inherit;color:inherit;background:transparent;border:1px solid currentColor;" +
    "border-radius:4px;padding:4px 12px;min-height:28px;cursor:pointer",
};
let count = 0;

function fieldsOf(ask, id, form) {
  const fields = {};
  const row = element("div", STYLE.row);
  if (ask.options.length) {
    for (const option of ask.options) {
      const label = element("label", "display:flex;gap:6px;align-items:center;min-height:28px");
      const input = element("input", "", "", { type: "radio", name: id, value: option });
      label.append(input, document.createTextNode(option));
      row.append(label);
    }
    const radios = () => [...row.querySelectorAll("input")];
    fields[""] = {
      read: () => radios().find(r => r.checked)?.value ?? "",
      write: value => radios().forEach(r => { r.checked = r.value === value; }),
    };
  } else {
    for (const part of ask.parts) {
      const label = element("label", "display:flex;flex-wrap:wrap;gap:6px;align-items:center");
      const unit = ask.unit ? ` (${ask.unit})` : "";
      const input = element("input", STYLE.field, "", {
        type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${id}-how`,
      });
      label.append(document.createTextNode((part || "Your guess") + unit), input);
      row.append(label);
      fields[part] = { read: () => input.value, write: value => { input.value = value ?? ""; } };
    }
  }
  form.append(row);
  return fields;
}

function render({ model, el }) {
  const ask = model.get("ask"), id = `hebblite-guess-${++count}`;
  keepKeys(el);
  const form = element("form", "margin:0"), box = element("fieldset", STYLE.box);
  box.append(element("legend", STYLE.legend, `◇ ${ask.question}`));
  const fields = fieldsOf(ask, id, box);
  const buttons = element("div", STYLE.row);
  const keep = element("button", STYLE.button, "Keep my guess", { type: "submit" });
  const clear = element("button", STYLE.button, "Clear", { type: "button" });
  buttons.append(keep, clear);
  const how = element("div", "", ask.options.length ? "" : `${ask.how[0].toUpperCase()}${ask.how.slice(1)}.`, { id: `${id}-how` });
  const said = element("div", "min-height:1.4em", "", { role: "status" });
  box.append(...(ask.options.length ? [] : [how]), buttons, said);
  form.append(box);
  el.replaceChildren(form);

  const send = values => {
    model.set("sent", { number: (model.get("sent").number || 0) + 1, values });
    model.save_changes();
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(Object.fromEntries(Object.entries(fields).map(([part, f]) => [part, f.read()])));
  });
  form.addEventListener("keydown", event => { // Jupyter keeps Enter from the browser
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    form.requestSubmit(keep);
  });
  clear.addEventListener("click", () => send(null));
  const fill = () => {
    const kept = model.get("kept");
    for (const [part, field] of Object.entries(fields)) field.write(kept[part]);
  };
  const tell = () => { said.textContent = model.get("said"); };
  fill();
  tell();
  model.on("change:kept", fill);
  model.on("change:said", tell);
  const showStill = hideStill(el);
  return () => { model.off("change:kept", fill); model.off("change:said", tell); showStill(); };
}

export default { render };
