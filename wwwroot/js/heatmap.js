// One map drawn into one canvas: blocky as the network has it, or with values interpolated between cell centres.

import { scaleOf } from "./colorScales.js";

/** Side of the drawn image, in pixels; the page stretches it to the face. */
const side = 224;

/**
 * Draws a map.
 * @param {HTMLCanvasElement} canvas where
 * @param {number[][]} rows the values
 * @param {string} kind "s" or "r": which colours
 * @param {[number, number]} range values of the scale's two ends
 * @param {boolean} smooth whether to interpolate
 */
export function drawMap(canvas, rows, kind, [low, high], smooth) {
  const height = rows.length;
  const width = rows[0].length;
  const color = scaleOf(kind);
  canvas.width = canvas.height = side;
  const image = new ImageData(side, side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const row = ((y + 0.5) / side) * height;
      const column = ((x + 0.5) / side) * width;
      const value = smooth ? between(rows, row - 0.5, column - 0.5) : rows[Math.floor(row)][Math.floor(column)];
      const [r, g, b] = color((value - low) / (high - low || 1));
      const at = 4 * (y * side + x);
      image.data[at] = r;
      image.data[at + 1] = g;
      image.data[at + 2] = b;
      image.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Takes a map away. */
export function clearMap(canvas) {
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}

/** Smallest, largest and mean value. */
export function summarize(rows) {
  const values = rows.flat();
  return {
    low: Math.min(...values),
    high: Math.max(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}

/** Bilinear value at a place given in cells; the border is stretched outwards. */
function between(rows, row, column) {
  const top = clamp(Math.floor(row), rows.length - 1);
  const left = clamp(Math.floor(column), rows[0].length - 1);
  const bottom = clamp(Math.floor(row) + 1, rows.length - 1);
  const right = clamp(Math.floor(column) + 1, rows[0].length - 1);
  const down = clamp(row - Math.floor(row), 1);
  const across = clamp(column - Math.floor(column), 1);
  const upper = rows[top][left] * (1 - across) + rows[top][right] * across;
  const lower = rows[bottom][left] * (1 - across) + rows[bottom][right] * across;
  return upper * (1 - down) + lower * down;
}

function clamp(value, most) {
  return Math.min(most, Math.max(0, value));
}
