// What a chart gives to uPlot beside its series: marks of its own, and where its x axis ends and has its ticks.

import { isolated } from './series.js';

/** Fills between the ends of an interval, where the series is the upper one. */
export function drawBand(plot, index, strokes) {
  const { bandFrom, color } = strokes[index - 1];
  if (bandFrom === undefined) return;
  const [xs, highs] = plot.data[index];
  const lows = plot.data[bandFrom + 1][1];
  const at = (i, ys) => [plot.valToPos(xs[i], 'x', true), plot.valToPos(ys[i], 'y', true)];
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height); // an interval that runs out of the frame ends there
  ctx.clip();
  ctx.fillStyle = color;
  ctx.globalAlpha = 0.18;
  for (let from = 0; from < xs.length; from++) {
    let until = from;
    while (until < xs.length && highs[until] !== null && lows[until] !== null) until++;
    if (until - from < 2) continue;
    ctx.beginPath();
    for (let i = from; i < until; i++) ctx.lineTo(...at(i, highs));
    for (let i = until - 1; i >= from; i--) ctx.lineTo(...at(i, lows));
    ctx.fill();
    from = until;
  }
  ctx.restore();
}

/** Draws the points that no line leads to or from, such as a first epoch's, as dots. */
export function drawIsolated(plot, index) {
  const [xs, ys] = plot.data[index];
  const { stroke, alpha } = plot.series[index];
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = stroke(plot, index);
  ctx.globalAlpha = alpha;
  for (const i of isolated(ys)) {
    ctx.beginPath();
    ctx.arc(plot.valToPos(xs[i], 'x', true), plot.valToPos(ys[i], 'y', true), 3 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

/** From the first position to the last; a single one has the start of the training beside it. */
export function xRange(plot, least, greatest) {
  if (plot.scales.x.distr === 3) return least !== null && least < greatest ? [least, greatest] : [(least ?? 1) / 2, (least ?? 1) * 2];
  return least !== null && least === greatest ? [0, 2 * greatest || 1] : [least, greatest];
}

/** Distances of ticks: whole steps; for time, what a clock divides into. */
export function xTicks(axis) {
  const powers = (factors) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].flatMap((power) => factors.map((f) => f * power));
  if (axis === 'time') return { incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, ...powers([3600, 7200, 18000])] };
  return { incrs: powers([1, 2, 5]) };
}

/** Draws an upright line at a place of the x axis: the epoch that the page looks at. */
export function drawMark(plot, x, color) {
  if (x === null) return;
  const { ctx: context, bbox } = plot;
  const at = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  if (at < bbox.left || at > bbox.left + bbox.width) return;
  context.save();
  context.strokeStyle = color || 'currentcolor';
  context.lineWidth = devicePixelRatio;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(at, bbox.top);
  context.lineTo(at, bbox.top + bbox.height);
  context.stroke();
  context.restore();
}
