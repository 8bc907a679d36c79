// Mean similarity over epochs, and that of the cell that is looked at: shows whether anchor and positive draw together
// while the negatives stay apart.

const lines = [
  { key: "sAP", name: "S_AP", color: "--sq-line-1", dash: [] },
  { key: "sAN1", name: "S_AN1", color: "--sq-line-2", dash: [6, 3] },
  { key: "sAN2", name: "S_AN2", color: "--sq-line-3", dash: [2, 3] },
];
const pad = { left: 40, right: 150, top: 14, bottom: 24 };

/**
 * Draws the trend.
 * @param {HTMLCanvasElement} canvas where; its size comes from the page
 * @param {number[]} epochs rising
 * @param {object[]} read the maps of each epoch; absent while they are not read
 * @param {{row: number, column: number} | null} cell the cell that is looked at
 * @param {number} now the epoch that is shown
 */
export function drawTrend(canvas, epochs, read, cell, now) {
  const box = canvas.getBoundingClientRect();
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * density);
  canvas.height = Math.round(box.height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  const style = getComputedStyle(canvas);
  const token = (name) => style.getPropertyValue(name).trim();
  context.font = `11px ${style.fontFamily}`;
  const width = box.width - pad.left - pad.right;
  const height = box.height - pad.top - pad.bottom;
  const first = epochs[0] ?? 1;
  const last = epochs.at(-1) ?? 1;
  const x = (epoch) => pad.left + (last === first ? 0.5 : (epoch - first) / (last - first)) * width;
  const y = (value) => pad.top + (1 - value) * height;

  context.strokeStyle = token("--sq-grid-line");
  context.fillStyle = token("--sq-muted");
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of [0, 0.5, 1]) {
    context.beginPath();
    context.moveTo(pad.left, y(value));
    context.lineTo(pad.left + width, y(value));
    context.stroke();
    context.fillText(value.toFixed(1), pad.left - 8, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const epoch of new Set([first, Math.round((first + last) / 2), last])) context.fillText(`${epoch}`, x(epoch), pad.top + height + 8);
  if (now !== null) {
    context.strokeStyle = token("--sq-border-strong");
    context.beginPath();
    context.moveTo(x(now), pad.top);
    context.lineTo(x(now), pad.top + height);
    context.stroke();
  }

  const names = [];
  for (const line of lines) {
    const color = token(line.color);
    const mean = (maps) => maps[line.key].flat().reduce((sum, value) => sum + value, 0) / maps[line.key].flat().length;
    const end = trace(context, epochs, read, mean, x, y, color, line.dash, 2);
    if (cell) trace(context, epochs, read, (maps) => maps[line.key][cell.row][cell.column], x, y, color, line.dash, 1);
    if (end !== null) names.push({ text: `mean ${line.name} ${end.toFixed(3)}`, at: y(end), color });
  }
  writeNames(context, names, pad.left + width + 10, pad.top, pad.top + height);
  canvas.setAttribute("aria-label", `Similarity over epochs: ${names.map((name) => name.text).join(", ")}`);
}

/** Draws one line; returns its last value. */
function trace(context, epochs, read, valueOf, x, y, color, dash, width) {
  let last = null;
  context.save();
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.globalAlpha = width > 1 ? 1 : 0.6;
  context.setLineDash(dash);
  context.beginPath();
  epochs.forEach((epoch, i) => {
    if (!read[i]) return;
    const value = valueOf(read[i]);
    if (last === null) context.moveTo(x(epoch), y(value));
    else context.lineTo(x(epoch), y(value));
    last = value;
    if (epochs.length === 1) context.fillRect(x(epoch) - 2, y(value) - 2, 4, 4);
  });
  context.stroke();
  context.restore();
  return last;
}

/** Names at the lines' ends, moved apart where they would overlap. */
function writeNames(context, names, left, top, bottom) {
  const apart = 14;
  names.sort((a, b) => a.at - b.at);
  names.forEach((name, i) => (name.at = Math.max(name.at, i === 0 ? top : names[i - 1].at + apart)));
  const over = (names.at(-1)?.at ?? 0) - bottom;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const name of names) {
    context.fillStyle = name.color;
    context.fillText(name.text, left, name.at - Math.max(0, over));
  }
}
