// The similarity inspector: four faces, four maps over them, one cell looked at in all of them at once.
// The page tells it what to show; it reads the maps from the API by itself and keeps them for playing.

import { save } from "./chartFiles.js";
import { gradientOf } from "./colorScales.js";
import { clearMap, drawMap, summarize } from "./heatmap.js";
import { drawPlate } from "./inspectorPlate.js";
import { outline } from "./outline.js";
import { drawTrend } from "./trend.js";
import { recompute } from "./whatIf.js";
import { buildWhatIf } from "./whatIfPanel.js";

const roles = ["A", "P", "N1", "N2"];
const ofEachFace = (title, what, rows) =>
  roles.map((role, i) => ({ kind: "s", title, sub: role, on: `over ${role}`, what, rows: (read) => rows(read)?.[i] }));

/** What can lie over the four faces, in their order. */
const layers = {
  similarity: [
    { kind: "r", title: "R", sub: "", on: "over A", what: "refinement: above 0 is strengthened, below 0 weakened", rows: (read) => read.r },
    { kind: "s", title: "S", sub: "AP", on: "over P", what: "similarity of anchor and positive", rows: (read) => read.sAP },
    { kind: "s", title: "S", sub: "AN1", on: "over N1", what: "similarity of anchor and negative 1", rows: (read) => read.sAN1 },
    { kind: "s", title: "S", sub: "AN2", on: "over N2", what: "similarity of anchor and negative 2", rows: (read) => read.sAN2 },
  ],
  norm: ofEachFace("‖f‖", "length of the fused features", (read) => read.norms),
  attention: ofEachFace("attention", "how much the CNN's places look here; 1 is an even look", (read) => read.attention),
};
const captions = { norm: "Length of the fused features", attention: "Attention received, of an even look" };

/**
 * Builds the inspector inside a host.
 * @param {HTMLElement} host emptied on dispose
 * @param {object} owner a .NET object that is told what is tried
 * @param {object} options see InspectorOptions.cs
 */
export function create(host, owner, options) {
  const kept = new Map();
  let wanted = options;
  let stored = null; // the maps as they were kept
  let shown = null; // the same with what is tried
  let tried = {};
  let told = null; // what the page knows of that
  let soon = 0;
  let cell = null;
  let disposed = false;

  const columns = roles.map(() => buildColumn());
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
  const whatIf = buildWhatIf(tryOut);
  host.replaceChildren(stage, readout, scales.root, whatIf.root, trend);

  stage.addEventListener("pointermove", onPointer);
  stage.addEventListener("pointerdown", onPointer);
  stage.addEventListener("pointerleave", () => look(null));
  stage.addEventListener("keydown", onKey);
  const sizes = new ResizeObserver(() => shown && drawTrendNow());
  sizes.observe(trend);
  const theme = new MutationObserver(() => shown && requestAnimationFrame(drawTrendNow));
  theme.observe(document.head, { attributes: true, childList: true, subtree: true, attributeFilter: ["href"] });

  void show(options);
  return { show, dispose, exportPicture };

  /** Shows a quad at an epoch; the last call wins. */
  async function show(next) {
    wanted = next;
    placeFaces(next);
    whatIf.root.hidden = next.layer !== "similarity";
    if (written(next.tried) !== told) {
      told = written(next.tried);
      tried = next.tried;
      whatIf.show(next.trained, tried);
    }
    if (next.epoch === null) {
      readout.textContent = "No maps yet: they are kept at the end of every epoch.";
      return;
    }
    try {
      const read = await load(next, next.epoch);
      if (disposed || wanted !== next) return;
      stored = read;
      host.dataset.epoch = next.epoch;
      draw();
      void loadOthers(next);
    } catch (failure) {
      if (!disposed && wanted === next) readout.textContent = `The maps of epoch ${next.epoch} could not be read: ${failure.message}`;
    }
  }

  /** Shows at once what the sliders say; the page learns of it when they rest. */
  function tryOut(next) {
    tried = next;
    if (stored) requestAnimationFrame(draw);
    clearTimeout(soon);
    soon = setTimeout(() => {
      told = written(tried);
      void owner.invokeMethodAsync("Try", tried);
    }, 400);
  }

  /** Hands the pictures as they are to the person, with what they are of. */
  async function exportPicture(name) {
    if (!shown) return;
    const plate = drawPlate(columns, { ...wanted, epoch: host.dataset.epoch, tried }, scales.shown());
    save(await plate.convertToBlob({ type: "image/png" }), name, "image/png");
  }

  function dispose() {
    disposed = true;
    clearTimeout(soon);
    sizes.disconnect();
    theme.disconnect();
    host.replaceChildren();
  }

  function load(next, epoch) {
    const address = addressOf(next, epoch);
    if (!kept.has(address)) {
      const reading = fetch(address, { headers: { accept: "application/json" } }).then(async (response) => {
        if (response.ok) return response.json();
        const problem = await response.json().catch(() => null);
        throw new Error(problem?.detail ?? problem?.title ?? `status ${response.status}`);
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
    if (!stored) return;
    shown = recompute(stored, wanted.trained, tried);
    const layer = layers[wanted.layer];
    const rows = layer.map((map) => map.rows(shown));
    const stats = rows.map((map) => (map ? summarize(map) : null));
    const ranges = rangesOf(stats);
    layer.forEach((map, i) => {
      columns[i].name(map);
      if (rows[i]) drawMap(columns[i].overlay, rows[i], map.kind, ranges[map.kind], wanted.smooth);
      else clearMap(columns[i].overlay);
      columns[i].stats.textContent = stats[i]
        ? `mean ${number(stats[i].mean)} · ${number(stats[i].low)} to ${number(stats[i].high)}`
        : "not kept";
    });
    if (wanted.layer === "similarity") scales.set([["Similarity S", "s", ranges.s], ["Refinement R", "r", ranges.r]]);
    else scales.set(stats[0] ? [[captions[wanted.layer], "s", ranges.s]] : []);
    whatIf.judge(stored, shown);
    look(cell);
    void drawTrendNow();
  }

  /** Ends of the colour scales of both kinds. */
  function rangesOf(stats) {
    const [first, ...others] = stats;
    if (wanted.layer !== "similarity") {
      const there = stats.filter(Boolean);
      const low = wanted.stretch ? Math.min(...there.map((each) => each.low)) : 0;
      return { s: [low, Math.max(...there.map((each) => each.high))] };
    }
    const { alpha, beta } = { ...wanted.trained, ...tried };
    const reach = wanted.stretch ? Math.max(Math.abs(first.low), Math.abs(first.high)) : Math.max(alpha, 2 * beta);
    return {
      s: wanted.stretch ? [Math.min(...others.map((each) => each.low)), Math.max(...others.map((each) => each.high))] : [0, 1],
      r: [-reach, reach],
    };
  }

  /** Rows and columns of the maps that lie over the faces. */
  function gridOf() {
    const rows = shown && layers[wanted.layer][0].rows(shown);
    return rows ? [rows.length, rows[0].length] : [0, 0];
  }

  /** Marks one cell in every picture and says its values. */
  function look(next) {
    const [height, width] = gridOf();
    cell = next && next.row < height && next.column < width ? next : null;
    const layer = layers[wanted.layer];
    const values = cell ? layer.map((map) => map.rows(shown)[cell.row][cell.column]) : [];
    for (const [i, column] of columns.entries()) {
      const value = values[i] ?? null;
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
    if (height === 0) {
      readout.textContent = "This trial has kept no such maps: its network has no cross-attention, or an older version trained it.";
      return;
    }
    if (!cell) {
      readout.textContent = `${height} × ${width} cells. Point at one, or use the arrow keys, to read it in all maps at once.`;
      return;
    }
    const place = `Row ${cell.row + 1}, column ${cell.column + 1}:`;
    if (wanted.layer !== "similarity") {
      readout.textContent = `${place}  ${values.map((value, i) => `${roles[i]} ${number(value)}`).join("   ")}`;
      return;
    }
    const [r, sAP, sAN1, sAN2] = values;
    readout.textContent =
      `${place}  S_AP ${number(sAP)}   S_AN1 ${number(sAN1)}   S_AN2 ${number(sAN2)}   ` +
      `R ${number(r)}   lead over the nearer negative ${number(sAP - Math.max(sAN1, sAN2))} (margin ${tried.margin ?? wanted.trained.margin})`;
  }

  function onPointer(event) {
    const picture = event.target.closest(".inspector-picture");
    if (!picture || !shown) return look(null);
    const box = picture.getBoundingClientRect();
    const [height, width] = gridOf();
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
    const last = gridOf().map((side) => side - 1);
    const from = cell ?? { row: Math.floor(last[0] / 2), column: Math.floor(last[1] / 2) };
    look({
      row: Math.min(last[0], Math.max(0, from.row + move[0])),
      column: Math.min(last[1], Math.max(0, from.column + move[1])),
    });
    void drawTrendNow();
  }

  async function drawTrendNow() {
    const { epochs, layer } = wanted;
    trend.hidden = layer !== "similarity" || epochs.length < 2;
    if (trend.hidden) return;
    const read = await Promise.all(epochs.map((epoch) => kept.get(addressOf(wanted, epoch))?.catch(() => null)));
    const maps = read.map((each) => each && recompute(each, wanted.trained, tried));
    if (!disposed) drawTrend(trend, epochs, maps, cell, wanted.epoch);
  }
}

/** What is tried as a text, in whatever order it was tried. */
function written(tried) {
  return JSON.stringify(Object.entries(tried).sort());
}

function addressOf({ maps }, epoch) {
  return `${maps}${maps.includes("?") ? "&" : "?"}epoch=${epoch}`;
}

/** A face as it is, and the same face under its map. */
function buildColumn() {
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
  const on = element("span", "sq-muted");
  const value = element("output", "sq-num");
  foot.append(title, on, value);
  const stats = element("div", "inspector-stats");
  root.append(head, plain.root, foot, mapped.root, stats);
  return {
    root,
    role,
    label,
    title,
    name(map) {
      const sub = document.createElement("sub");
      sub.textContent = map.sub;
      title.replaceChildren(map.title, ...(map.sub ? [sub] : []));
      title.title = map.what;
      on.textContent = map.on;
    },
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

/** The colour bars with the numbers of their ends and of what lies between. */
function buildScales() {
  const root = element("div", "inspector-scales");
  let last = [];
  return {
    root,
    shown: () => last,
    /** @param {[string, string, [number, number]][]} bars caption, kind and range of each */
    set(bars) {
      last = bars;
      root.replaceChildren(...bars.map(buildScale));
    },
  };
}

function buildScale([caption, kind, [low, high]]) {
  const bar = element("figure", "inspector-scale");
  const words = element("figcaption");
  words.textContent = caption;
  const gradient = element("div", "inspector-gradient");
  gradient.style.background = gradientOf(kind);
  const ticks = element("div", "inspector-ticks sq-num");
  for (let i = 0; i < 5; i++) {
    const tick = element("span");
    tick.textContent = number(low + ((high - low) * i) / 4, 2);
    ticks.append(tick);
  }
  bar.append(words, gradient, ticks);
  return bar;
}

function number(value, digits = 3) {
  return value.toFixed(digits).replace("-", "−");
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
