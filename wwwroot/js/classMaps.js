// A table of small maps, one for each two classes; one of them large beside it.

import { gradientOf } from "./colorScales.js";
import { drawMap, summarize } from "./heatmap.js";

/**
 * Builds the table inside a host.
 * @param {HTMLElement} host emptied on dispose
 * @param {object} found see ClassMaps.cs
 */
export function create(host, found) {
  const { classes, pairs } = found;
  const values = pairs.flatMap((pair) => pair.similarity.flat());
  const range = [Math.min(...values), Math.max(...values)];
  const table = element("table", "class-maps-table");
  const head = element("tr");
  head.append(element("td"), ...classes.map((name) => heading(name, "col")));
  table.append(head);
  const large = element("figure", "class-maps-large");
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  const caption = element("figcaption");
  const gradient = element("div", "inspector-gradient");
  gradient.style.background = gradientOf("s");
  const ends = element("div", "inspector-ticks sq-num");
  ends.append(...range.map((end) => Object.assign(element("span"), { textContent: end.toFixed(2) })));
  large.append(canvas, gradient, ends, caption);

  const buttons = [];
  classes.forEach((name, b) => {
    const row = element("tr");
    row.append(heading(name, "row"));
    for (let a = 0; a < classes.length; a++) {
      const cell = element("td");
      const pair = a <= b ? pairs.find((each) => each.a === a && each.b === b) : null;
      if (pair) cell.append(buildButton(pair));
      row.append(cell);
    }
    table.append(row);
  });
  host.replaceChildren(table, large);
  if (pairs.length > 0) choose(leastAlike(pairs));
  host.dataset.ready = "true";
  return { dispose: () => host.replaceChildren() };

  function buildButton(pair) {
    const button = element("button", "class-maps-cell");
    button.type = "button";
    const small = element("canvas");
    drawMap(small, pair.similarity, "s", range, true);
    const { mean } = summarize(pair.similarity);
    button.setAttribute("aria-label", `${classes[pair.a]} and ${classes[pair.b]}: mean ${mean.toFixed(3)}`);
    button.append(small);
    button.addEventListener("click", () => choose(pair));
    buttons.push([pair, button]);
    return button;
  }

  function choose(pair) {
    for (const [each, button] of buttons) button.setAttribute("aria-pressed", each === pair);
    const { low, high, mean } = summarize(pair.similarity);
    drawMap(canvas, pair.similarity, "s", range, true);
    const names = pair.a === pair.b ? `${classes[pair.a]} with itself` : `${classes[pair.a]} and ${classes[pair.b]}`;
    caption.textContent = `${names}: mean S ${mean.toFixed(3)}, ${low.toFixed(3)} to ${high.toFixed(3)} over places, ${pair.pairs} pairs of faces`;
    canvas.setAttribute("aria-label", caption.textContent);
  }
}

/** The two classes that differ most: what one looks for first. */
function leastAlike(pairs) {
  return pairs.reduce((least, pair) => (summarize(pair.similarity).mean < summarize(least.similarity).mean ? pair : least));
}

function heading(name, scope) {
  const made = element("th");
  made.scope = scope;
  made.textContent = name;
  return made;
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
