// A player for frames of a picture: what player.py packs, drawn in the browser.

/** A function that shows frame k in `stage`: by changing one picture, or by whole pictures. */
function painter(stage, film) {
  const parse = text => document.importNode(
    new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
  if (film.whole) {
    const made = [];
    return k => stage.replaceChildren(made[k] ??= parse(film.whole[k]));
  }
  const svg = parse(film.base);
  const nodes = [svg, ...svg.querySelectorAll("*")];
  stage.replaceChildren(svg);
  let last = film.count - 1;
  return k => {
    for (const [index, name, values] of film.changes) {
      const value = values[k];
      if (value === values[last]) continue;
      if (name === "text") nodes[index].firstChild
        ? (nodes[index].firstChild.nodeValue = value) : nodes[index].prepend(value);
      else if (value === null) nodes[index].removeAttribute(name);
      else nodes[index].setAttribute(name, value);
    }
    last = k;
  };
}

function add(parent, tag, attributes = {}, words = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(words);
  parent.append(node);
  return node;
}

function render({ model, el }) {
  keepKeys(el);
  const film = model.get("film"), count = film.count;
  const root = add(el, "div", {
    class: "hebblite-player", role: "group", "aria-label": `Player. ${film.label}`,
    "data-frame": "0", "data-painted": "0",
  });
  const host = add(root, "div", { class: "stage" });
  const stage = add(host.attachShadow({ mode: "open" }), "div");  // its styles stay inside
  const paint = painter(stage, film);
  const place = add(root, "div", { class: "caption", "aria-hidden": "true" });
  const caption = add(place, "p");
  const longest = film.captions.reduce((a, b) => b.length > a.length ? b : a, "");
  add(place, "p", { class: "room" }, longest);  // keeps its height: nothing moves while it plays
  const bar = add(root, "div", { class: "bar" });
  const go = add(bar, "button", { type: "button", class: "go" });
  const back = add(bar, "button", { type: "button", "aria-label": "One frame back" }, "‹");
  const scrub = add(bar, "input", {
    type: "range", min: 0, max: count - 1, step: 1, value: 0, "aria-label": "Moment",
  });
  const forth = add(bar, "button", { type: "button", "aria-label": "One frame on" }, "›");
  const speed = add(add(bar, "label", {}, "Speed"), "select");
  for (const s of [0.25, 0.5, 1, 2, 4]) add(speed, "option", { value: s }, `${s}×`);
  speed.value = "1";
  const again = add(add(bar, "label"), "input", { type: "checkbox" });
  again.after("Repeat");
  const spoken = add(root, "p", { class: "spoken", role: "status", "aria-live": "polite" });

  let frame = 0, playing = false, request = 0, since = 0, from = 0, talk = 0;
  const words = k => film.captions[k] || `Frame ${k + 1} of ${count}`;

  function show(k) {
    frame = Math.max(0, Math.min(count - 1, k));
    paint(frame);
    scrub.value = frame;
    caption.textContent = words(frame);
    root.dataset.frame = frame;
    root.dataset.painted = Number(root.dataset.painted) + 1;
    if (!playing) scrub.setAttribute("aria-valuetext", words(frame));
  }
  function say() {  // after a pause, so that a scrub is not read aloud frame by frame
    clearTimeout(talk);
    talk = setTimeout(() => { spoken.textContent = words(frame); }, 250);
  }
  function tick(now) {
    if (!playing) return;
    const each = 1000 * film.seconds / Math.max(count - 1, 1) / Number(speed.value);
    let k = from + Math.floor((now - since) / each);
    if (k >= count && again.checked) { k = 0; from = 0; since = now; }
    if (k !== frame) show(k);
    if (frame === count - 1 && !again.checked) return stop();
    request = requestAnimationFrame(tick);
  }
  function start() {
    if (frame === count - 1) show(0);
    playing = true;
    clearTimeout(talk);
    from = frame;
    since = performance.now();
    name();
    request = requestAnimationFrame(tick);
  }
  function stop() {
    playing = false;
    cancelAnimationFrame(request);
    name();
    scrub.setAttribute("aria-valuetext", words(frame));
    say();
  }
  function name() { go.textContent = playing ? "❚❚ Pause" : "▶ Play"; }
  function jump(k) {
    if (playing) stop();
    show(k);
    say();
  }
  go.addEventListener("click", () => playing ? stop() : start());
  back.addEventListener("click", () => jump(frame - 1));
  forth.addEventListener("click", () => jump(frame + 1));
  scrub.addEventListener("input", () => jump(Number(scrub.value)));
  speed.addEventListener("change", () => { from = frame; since = performance.now(); });
  root.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === speed) return;
    const keys = {
      ArrowRight: () => jump(frame + 1), ArrowLeft: () => jump(frame - 1),
      ArrowUp: () => jump(frame + 1), ArrowDown: () => jump(frame - 1),
      Home: () => jump(0), End: () => jump(count - 1),
      " ": () => playing ? stop() : start(),
    };
    if (event.key === " " && event.target !== scrub) return;  // buttons press themselves
    if (!(event.key in keys)) return;
    keys[event.key]();
    event.preventDefault();
  });
  name();
  show(0);
  const showStill = hideStill(el);
  return () => { playing = false; cancelAnimationFrame(request); clearTimeout(talk); showStill(); };
}

export default { render };
