// One map of one quad in many trials, small, side by side and on one scale.

import { drawMap, summarize } from "./heatmap.js";

/**
 * Builds the grid inside a host.
 * @param {HTMLElement} host emptied on dispose
 * @param {{ map: string, tiles: object[] }} options see AcrossTrials.razor
 */
export function create(host, options) {
  const kept = new Map();
  let wanted = null;
  void show(options);
  return { show, dispose: () => ((wanted = null), host.replaceChildren()) };

  /** Shows one of the four maps of the trials; the last call wins. */
  async function show(next) {
    wanted = next;
    const read = await Promise.all(next.tiles.map((tile) => load(`${tile.maps}?epoch=${tile.epoch}`)));
    if (wanted !== next) return;
    const there = read.filter(Boolean);
    const kind = next.map === "r" ? "r" : "s";
    const reach = Math.max(...there.map((maps) => Math.max(...maps.r.flat().map(Math.abs))), 1e-6);
    const range = kind === "r" ? [-reach, reach] : [0, 1];
    host.replaceChildren(...next.tiles.map((tile, i) => buildTile(tile, read[i]?.[next.map], kind, range)));
    host.dataset.ready = next.map;
  }

  function load(address) {
    if (!kept.has(address)) {
      const reading = fetch(address, { headers: { accept: "application/json" } })
        .then((response) => (response.ok ? response.json() : null))
        .catch(() => null);
      kept.set(address, reading);
    }
    return kept.get(address);
  }
}

function buildTile({ title, seed, page, epoch, own }, rows, kind, range) {
  const tile = document.createElement("a");
  tile.className = "map-tile";
  tile.href = page;
  if (own) tile.setAttribute("aria-current", "true");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const words = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = title;
  const about = document.createElement("span");
  about.className = "sq-muted";
  words.append(name, about);
  if (rows) {
    drawMap(canvas, rows, kind, range, true);
    const mean = summarize(rows).mean.toFixed(3).replace("-", "−");
    about.textContent = `${seed}, epoch ${epoch}, mean ${mean}`;
    canvas.setAttribute("aria-label", `Map of ${title}, ${seed}: mean ${mean}`);
  } else {
    about.textContent = `${seed}: no maps at epoch ${epoch}`;
    canvas.setAttribute("aria-label", "No maps");
  }
  tile.append(canvas, words);
  return tile;
}
