// An expected surface below points: colours by height, faint where nothing is known, with lines of equal height.

import { scaleOf } from './colorScales.js';

const LINES = 9;

/**
 * @param {CanvasRenderingContext2D} context where
 * @param {object} stage the picture, see relations.js
 * @param {object} panel its frame and axes
 * @param {object} surface { x, y, mean, doubt } as /api/sweeps/{id}/surface tells it
 */
export function drawSurface(context, { colors, tint }, panel, { x, y, mean, doubt }) {
  const flat = mean.flat();
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  const color = scaleOf('s');
  const image = new ImageData(x.length, y.length);
  mean.forEach((row, r) =>
    row.forEach((value, c) => {
      const at = 4 * ((y.length - 1 - r) * x.length + c);
      image.data.set(color(tint.place(value)), at); // as the points are coloured
      image.data[at + 3] = Math.round(255 * 0.75 * Math.max(0.08, 1 - doubt[r][c]));
    }),
  );
  const cells = new OffscreenCanvas(x.length, y.length);
  cells.getContext('2d').putImageData(image, 0, 0);
  const spot = (c, r) => [
    panel.left + between(x, c, panel.x) * panel.width,
    panel.top + (1 - between(y, r, panel.y)) * panel.height,
  ];
  const [left, bottom] = spot(0, 0);
  const [right, top] = spot(x.length - 1, y.length - 1);
  context.imageSmoothingEnabled = true;
  context.drawImage(cells, left, top, right - left, bottom - top);
  context.strokeStyle = colors.text;
  context.lineWidth = 0.75;
  context.globalAlpha = 0.45;
  context.beginPath();
  for (let k = 1; k <= LINES; k++) {
    const level = low + (k * (high - low)) / (LINES + 1);
    for (const [from, to] of contour(mean, level)) {
      context.moveTo(...spot(...from));
      context.lineTo(...spot(...to));
    }
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Pieces of the line on which a grid of values has a level: marching squares, [[column, row], [column, row]]. */
export function contour(rows, level) {
  const pieces = [];
  for (let r = 0; r + 1 < rows.length; r++)
    for (let c = 0; c + 1 < rows[r].length; c++) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const crossings = [];
      corners.forEach((from, i) => {
        const to = corners[(i + 1) % 4];
        const [a, b] = [rows[from[1]][from[0]] - level, rows[to[1]][to[0]] - level];
        if (a < 0 === b < 0) return;
        const along = a / (a - b);
        crossings.push([from[0] + along * (to[0] - from[0]), from[1] + along * (to[1] - from[1])]);
      });
      for (let i = 0; i + 1 < crossings.length; i += 2) pieces.push([crossings[i], crossings[i + 1]]);
    }
  return pieces;
}

/** The place on an axis of a position between two of its values. */
function between(values, position, axis) {
  const below = Math.min(values.length - 2, Math.floor(position));
  const [a, b] = [axis.place(values[below]), axis.place(values[below + 1])];
  return a + (position - below) * (b - a);
}
