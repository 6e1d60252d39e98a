// What each of our widgets does to live among JupyterLab's outputs: Python puts this before its module.

// The still of this widget, which stands before it, is hidden as long as the widget lives. (In
// JupyterLab a style sheet has done that before.) Returns what shows it again.
function hideStill(el) {
  const before = (still) => still.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
  let hidden;
  requestAnimationFrame(() => { // once it is part of the page
    hidden = el.isConnected && [...document.querySelectorAll(".hebblite-still")].filter(before).at(-1);
    if (hidden) hidden.hidden = true;
  });
  return () => { if (hidden) hidden.hidden = false; };
}

// Keys are for the widget, not for JupyterLab, which has shortcuts of its own: arrows and Enter
// leave the cell, "a" makes a new one. (Its shortcuts with Ctrl stay, such as the one that saves.)
function keepKeys(el) {
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
}

// A node with its style, its words and its attributes.
function element(tag, style, words, attributes) {
  const node = document.createElement(tag);
  if (style) node.style.cssText = style;
  if (words) node.textContent = words;
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return node;
}

