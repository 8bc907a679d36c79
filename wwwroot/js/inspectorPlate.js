// The inspector's pictures as one picture to take away: faces, maps, scales, and what they are of.

import { scaleOf } from "./colorScales.js";

const SIDE = 300;
const GAP = 20;
const EDGE = 30;
const LINE = 22;

/**
 * Draws the plate, dark on white as papers are.
 * @param {object[]} columns of the inspector
 * @param {object} options what is shown; `about` says what it is of
 * @param {[string, string, [number, number]][]} scales caption, kind and range of each colour scale
 */
export function drawPlate(columns, options, scales) {
  const about = [...options.about, `Epoch ${options.epoch}${describe(options)}`];
  const top = EDGE + about.length * LINE + 14;
  const width = 2 * EDGE + 4 * SIDE + 3 * GAP;
  const maps = top + LINE + SIDE + GAP + LINE;
  const height = maps + SIDE + LINE + GAP + 50 + EDGE;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  const write = (text, x, y, font = "15px sans-serif", color = "#1a1a1a") => {
    [context.font, context.fillStyle, context.textBaseline] = [font, color, "alphabetic"];
    context.fillText(text, x, y, width - EDGE - x);
  };
  const drawFace = (image, x, y) => image.naturalWidth > 0 && context.drawImage(image, x, y, SIDE, SIDE); // not one that could not be read
  about.forEach((text, i) => write(text, EDGE, EDGE + (i + 1) * LINE - 6, i === 0 ? "600 18px sans-serif" : undefined));
  columns.forEach((column, i) => {
    const x = EDGE + i * (SIDE + GAP);
    write(`${column.role.textContent}: ${column.label.textContent}`, x, top + LINE - 7, "600 15px sans-serif");
    drawFace(column.images[0], x, top + LINE);
    write(`${column.title.textContent}   ${column.stats.textContent}`, x, maps - 7, "14px sans-serif");
    drawFace(column.images[1], x, maps);
    context.globalAlpha = options.opacity;
    context.drawImage(column.overlay, x, maps, SIDE, SIDE);
    context.globalAlpha = 1;
    if (options.outline) context.drawImage(column.outlines[1], x, maps, SIDE, SIDE);
  });
  scales.forEach(([caption, kind, [low, high]], i) => {
    const x = EDGE + i * 2 * (SIDE + GAP);
    const y = maps + SIDE + GAP + 20;
    const color = scaleOf(kind);
    write(caption, x, y - 6, "14px sans-serif");
    for (let k = 0; k < SIDE; k++) {
      context.fillStyle = `rgb(${color(k / SIDE).join(" ")})`;
      context.fillRect(x + k, y, 1, 14);
    }
    write(low.toFixed(2), x, y + 32, "13px sans-serif");
    context.textAlign = "right";
    write(high.toFixed(2), x + SIDE, y + 32, "13px sans-serif");
    context.textAlign = "left";
  });
  return canvas;
}

function describe({ tried }) {
  const changed = Object.entries(tried).map(([key, value]) => `${key} = ${value}`);
  return changed.length > 0 ? `; what if ${changed.join(", ")}` : "";
}
