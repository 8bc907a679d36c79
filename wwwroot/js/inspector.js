// The similarity inspector: four faces, four maps over them, one cell looked at in all of them at once.
// The page tells it what to show; it reads the maps from the API by itself and keeps them for playing.

import { gradientOf } from "./colorScales.js";
import { drawMap, summarize } from "./heatmap.js";
import { outline } from "./outline.js";
import { drawTrend } from "./trend.js";

/** The maps in the order of the faces that they lie on. */
const maps = [
  { key: "r", kind: "r", title: "R", sub: "", on: "over A", what: "refinement: above 0 is strengthened, below 0 weakened" },
  { key: "sAP", kind: "s", title: "S", sub: "AP", on: "over P", what: "similarity of anchor and positive" },
  { key: "sAN1", kind: "s", title: "S", sub: "AN1", on: "over N1", what: "similarity of anchor and negative 1" },
  { key: "sAN2", kind: "s", title: "S", sub: "AN2", on: "over N2", what: "similarity of anchor and negative 2" },
];

/**
 * Builds the inspector inside a host.
 * @param {HTMLElement} host emptied on dispose
 * @param {object} options see InspectorOptions in TrialInspector.razor.cs
 */
export function create(host, options) {
  const kept = new Map();
  let wanted = options;
  let shown = null;
  let cell = null;
  let disposed = false;

  const columns = maps.map((map) => buildColumn(map));
  const grid = element("div", "inspector-grid");
  grid.append(...columns.map((column) => column.root));
  const scales = buildScales();
  const readout = element("p", "inspector-readout");
  readout.setAttribute("role", "status");
  const trend = element("canvas", "inspector-trend");
  trend.setAttribute("role", "img");
  trend.setAttribute("aria-label", "Similarity over epochs");
  const stage = element("div", "inspector-stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", "Similarity maps; arrow keys move the cell, Escape lets go of it");
  stage.append(grid);
  host.replaceChildren(stage, readout, scales.root, trend);

  stage.addEventListener("pointermove", onPointer);
  stage.addEventListener("pointerdown", onPointer);
  stage.addEventListener("pointerleave", () => look(null));
  stage.addEventListener("keydown", onKey);
  const sizes = new ResizeObserver(() => shown && drawTrendNow());
  sizes.observe(trend);
  const theme = new MutationObserver(() => shown && requestAnimationFrame(drawTrendNow));
  theme.observe(document.head, { attributes: true, childList: true, subtree: true, attributeFilter: ["href"] });

  void show(options);
  return { show, dispose };

  /** Shows a quad at an epoch; the last call wins. */
  async function show(next) {
    wanted = next;
    placeFaces(next);
    if (next.epoch === null) {
      readout.textContent = "No maps yet: they are kept at the end of every epoch.";
      return;
    }
    try {
      const read = await load(next, next.epoch);
      if (disposed || wanted !== next) return;
      shown = read;
      host.dataset.epoch = next.epoch;
      draw();
      void loadOthers(next);
    } catch (failure) {
      if (!disposed && wanted === next) readout.textContent = `The maps of epoch ${next.epoch} could not be read: ${failure.message}`;
    }
  }

  function dispose() {
    disposed = true;
    sizes.disconnect();
    theme.disconnect();
    host.replaceChildren();
  }

  function load(next, epoch) {
    const address = `${next.maps}?epoch=${epoch}`;
    if (!kept.has(address)) {
      const reading = fetch(address, { headers: { accept: "application/json" } }).then((response) => {
        if (!response.ok) throw new Error(response.status === 404 ? "there are none" : `status ${response.status}`);
        return response.json();
      });
      reading.catch(() => kept.delete(address)); // a later look may succeed
      kept.set(address, reading);
    }
    return kept.get(address);
  }

  /** Reads the other epochs one after the other: for the trend, and so that playing does not wait. */
  async function loadOthers(next) {
    for (const epoch of next.epochs) {
      if (disposed || wanted.maps !== next.maps) return;
      await load(next, epoch).catch(() => null);
    }
    if (!disposed && wanted.maps === next.maps) await drawTrendNow();
  }

  function placeFaces(next) {
    columns.forEach((column, i) => {
      const face = next.faces[i];
      column.role.textContent = face.role;
      column.label.textContent = face.label;
      for (const image of column.images) {
        if (image.getAttribute("src") !== face.url) {
          image.dispatchEvent(new Event("wanted"));
          image.src = face.url;
        }
        image.alt = `${face.role}: ${face.label}`;
      }
      column.overlay.style.opacity = next.opacity;
      void outline(column.outlines, next.outline ? face.mask : null);
    });
  }

  function draw() {
    const stats = maps.map((map) => summarize(shown[map.key]));
    const similarities = stats.slice(1);
    const s = wanted.stretch
      ? [Math.min(...similarities.map((each) => each.low)), Math.max(...similarities.map((each) => each.high))]
      : [0, 1];
    const reach = wanted.stretch ? Math.max(Math.abs(stats[0].low), Math.abs(stats[0].high)) : wanted.reach;
    const r = [-reach, reach];
    maps.forEach((map, i) => {
      drawMap(columns[i].overlay, shown[map.key], map.kind, map.kind === "r" ? r : s, wanted.smooth);
      columns[i].stats.textContent = `mean ${number(stats[i].mean)} · ${number(stats[i].low)} to ${number(stats[i].high)}`;
    });
    scales.set(s, r);
    look(cell);
    void drawTrendNow();
  }

  /** Marks one cell in every picture and says its values. */
  function look(next) {
    cell = next;
    const height = shown?.r.length ?? 0;
    const width = shown?.r[0].length ?? 0;
    for (const [i, column] of columns.entries()) {
      const value = cell && shown ? shown[maps[i].key][cell.row][cell.column] : null;
      for (const mark of column.marks) {
        mark.hidden = value === null;
        if (value === null) continue;
        mark.style.left = `${(cell.column / width) * 100}%`;
        mark.style.top = `${(cell.row / height) * 100}%`;
        mark.style.width = `${100 / width}%`;
        mark.style.height = `${100 / height}%`;
      }
      column.value.textContent = value === null ? "" : number(value);
    }
    if (!shown) return;
    if (!cell) {
      readout.textContent = `${height} × ${width} cells. Point at one, or use the arrow keys, to read it in all maps at once.`;
      return;
    }
    const [r, sAP, sAN1, sAN2] = maps.map((map) => shown[map.key][cell.row][cell.column]);
    readout.textContent =
      `Row ${cell.row + 1}, column ${cell.column + 1}:  S_AP ${number(sAP)}   S_AN1 ${number(sAN1)}   S_AN2 ${number(sAN2)}   ` +
      `R ${number(r)}   lead over the nearer negative ${number(sAP - Math.max(sAN1, sAN2))} (margin ${wanted.margin})`;
  }

  function onPointer(event) {
    const picture = event.target.closest(".inspector-picture");
    if (!picture || !shown) return look(null);
    const box = picture.getBoundingClientRect();
    const height = shown.r.length;
    const width = shown.r[0].length;
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    if (row < 0 || row >= height || column < 0 || column >= width) return look(null);
    if (cell?.row !== row || cell?.column !== column) {
      look({ row, column });
      void drawTrendNow();
    }
  }

  function onKey(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Escape") look(null);
    const move = moves[event.key];
    if (!move || !shown) return;
    event.preventDefault();
    const last = [shown.r.length - 1, shown.r[0].length - 1];
    const from = cell ?? { row: Math.floor(last[0] / 2), column: Math.floor(last[1] / 2) };
    look({
      row: Math.min(last[0], Math.max(0, from.row + move[0])),
      column: Math.min(last[1], Math.max(0, from.column + move[1])),
    });
    void drawTrendNow();
  }

  async function drawTrendNow() {
    const { epochs } = wanted;
    const read = await Promise.all(epochs.map((epoch) => kept.get(`${wanted.maps}?epoch=${epoch}`)?.catch(() => null)));
    if (!disposed) drawTrend(trend, epochs, read, cell, wanted.epoch);
  }
}

/** A face as it is, and the same face under its map. */
function buildColumn(map) {
  const root = element("div", "inspector-column");
  const head = element("div", "inspector-face");
  const role = element("strong");
  const label = element("span", "sq-clip");
  head.append(role, label);
  const plain = buildPicture();
  const mapped = buildPicture();
  const overlay = element("canvas", "inspector-map");
  overlay.setAttribute("aria-hidden", "true");
  mapped.root.insertBefore(overlay, mapped.outline);
  const foot = element("div", "inspector-title");
  const title = element("strong");
  title.append(map.title);
  if (map.sub) {
    const sub = document.createElement("sub");
    sub.textContent = map.sub;
    title.append(sub);
  }
  title.title = map.what;
  const on = element("span", "sq-muted");
  on.textContent = map.on;
  const value = element("output", "sq-num");
  foot.append(title, on, value);
  const stats = element("div", "inspector-stats");
  root.append(head, plain.root, foot, mapped.root, stats);
  return {
    root,
    role,
    label,
    images: [plain.image, mapped.image],
    marks: [plain.mark, mapped.mark],
    outlines: [plain.outline, mapped.outline],
    overlay,
    value,
    stats,
  };
}

function buildPicture() {
  const root = element("div", "inspector-picture");
  const image = new Image();
  image.draggable = false;
  // The built-in faces are drawn when they are first asked for, which takes seconds: until then the pane says so.
  const note = element("p", "inspector-note");
  note.setAttribute("role", "status");
  image.addEventListener("wanted", () => (note.textContent = "Reading the face …"));
  image.addEventListener("load", () => (note.textContent = ""));
  image.addEventListener("error", () => (note.textContent = "The face could not be read."));
  const outlined = element("canvas", "inspector-outline");
  outlined.setAttribute("aria-hidden", "true");
  const mark = element("div", "inspector-mark");
  mark.hidden = true;
  root.append(image, outlined, mark, note);
  return { root, image, outline: outlined, mark };
}

/** Both colour bars with the numbers of their ends and of what lies between. */
function buildScales() {
  const root = element("div", "inspector-scales");
  const bars = ["s", "r"].map((kind) => {
    const bar = element("figure", "inspector-scale");
    const caption = element("figcaption");
    caption.textContent = kind === "s" ? "Similarity S" : "Refinement R";
    const gradient = element("div", "inspector-gradient");
    gradient.style.background = gradientOf(kind);
    const ticks = element("div", "inspector-ticks sq-num");
    ticks.append(...Array.from({ length: 5 }, () => element("span")));
    bar.append(caption, gradient, ticks);
    root.append(bar);
    return ticks;
  });
  const write = (ticks, [low, high]) =>
    [...ticks.children].forEach((tick, i) => (tick.textContent = number(low + ((high - low) * i) / 4, 2)));
  return {
    root,
    set(s, r) {
      write(bars[0], s);
      write(bars[1], r);
    },
  };
}

function number(value, digits = 3) {
  return value.toFixed(digits).replace("-", "−");
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
