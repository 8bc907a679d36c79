// Live curves on a canvas (uPlot): one line per trial and metric. History by HTTP, news from the hub.

import uPlot from '../lib/uPlot.esm.js';
import { cancelDraw, requestDraw } from './drawLoop.js';
import { describe, legend, toolbar } from './chartParts.js';
import { follow } from './live.js';
import { Series, isolated, nearest, smooth } from './series.js';

const POINTS = 1500; // asked for per series: no screen shows more
const PALETTE = [
  '#3b82c4', '#e07b39', '#3a9e5c', '#d05a8b', '#8a63c9', '#b08a1e', '#1f9aa8', '#c94f4f', '#6b8e23', '#7a7f8a',
];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * Makes a chart inside an element, which it owns from then on.
 * @param {HTMLElement} host
 * @param {object} options title, trials: [{ id, name, color }], metrics, x, logY, smoothing, height, controls, syncKey
 */
export function create(host, options) {
  return new LineChart(host, options);
}

class LineChart {
  constructor(host, options) {
    this.host = host;
    host.chart = this; // for a look inside: from the browser's console, from the tests
    this.visible = false;
    this.lastDrawn = 0;
    this.lines = [];
    this.hidden = new Set(); // keys of lines that people switched off
    this.stepsPerEpoch = new Map();
    this.zoomed = false;
    this.hovered = null;
    this.generation = 0;
    this.abort = new AbortController();

    this.view = { x: options.x, logY: options.logY, smoothing: options.smoothing };
    this.toolbar = toolbar(this.view, () => this.changeView());
    this.plotHost = document.createElement('div');
    this.plotHost.className = 'chart-plot';
    this.plotHost.setAttribute('role', 'img');
    this.legend = legend((key) => this.toggle(key));
    host.replaceChildren(this.toolbar.element, this.plotHost, this.legend.element);

    this.intersection = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible) requestDraw(this);
    });
    this.intersection.observe(this.plotHost);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.plotHost);
    // A change of theme changes a style sheet's address or an attribute of the root; colours are read at each drawing.
    this.theme = new MutationObserver(() => setTimeout(() => requestDraw(this), 250));
    this.theme.observe(document.head, { subtree: true, attributes: true, attributeFilter: ['href'] });
    this.theme.observe(document.documentElement, { attributes: true });

    this.update(options);
  }

  /** Shows other trials or metrics; what is already here stays. */
  update(options) {
    this.options = options;
    this.toolbar.element.hidden = !options.controls;
    if (!this.plotHost.hasAttribute('aria-label')) this.plotHost.setAttribute('aria-label', options.title);
    const known = new Map(this.lines.map((line) => [line.key, line]));
    this.lines = options.trials.flatMap((trial, t) =>
      options.metrics.map((metric, m) => {
        const key = `${trial.id} ${metric}`;
        const line = known.get(key) ?? { key, series: new Series(trial.id, metric), loaded: false };
        line.name = [trial.name, options.metrics.length > 1 || !trial.name ? metric : ''].filter(Boolean).join(' · ');
        // One trial's metrics are told apart by colour, several trials by their own colours and dashes.
        const alone = options.trials.length === 1 && options.metrics.length > 1;
        line.color = alone ? PALETTE[m % PALETTE.length] : (trial.color ?? PALETTE[t % PALETTE.length]);
        line.dash = DASHES[m % DASHES.length];
        return line;
      }),
    );
    this.rebuild();
    this.load();
  }

  dispose() {
    this.generation++;
    this.abort.abort();
    this.following?.stop();
    this.intersection.disconnect();
    this.resize.disconnect();
    this.theme.disconnect();
    cancelDraw(this);
    this.plot?.destroy();
    this.host.replaceChildren();
  }

  /** Loads the history of new lines, then follows all of them from where their histories end. */
  async load() {
    const generation = ++this.generation;
    this.following?.stop();
    for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
      try {
        await this.loadHistory();
        break;
      } catch {
        // The server may be restarting; the indicator of the connection tells people.
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (generation !== this.generation) return;
      }
    }
    if (generation !== this.generation) return;
    const cursors = new Map();
    for (const { series } of this.lines)
      cursors.set(series.trial, Math.min(series.seq, cursors.get(series.trial) ?? series.seq));
    this.following = follow(cursors, (event) => this.receive(event));
    this.host.dataset.ready = 'true';
    requestDraw(this);
  }

  async loadHistory() {
    const missing = this.lines.filter((line) => !line.loaded);
    const trials = [...new Set(missing.map((line) => line.series.trial))];
    if (this.view.x === 'epoch') await this.loadEpochs();
    if (missing.length === 0) return;
    const found = await this.fetchSeries(trials, [...new Set(missing.map((line) => line.series.metric))], POINTS);
    const byKey = new Map(found.map((series) => [`${series.trial} ${series.metric}`, series]));
    for (const line of missing) {
      const series = byKey.get(line.key);
      if (series) line.series.load(series);
      line.loaded = true;
    }
  }

  /** Learns how many steps each trial's epochs have: the first validation comes after the first epoch. */
  async loadEpochs() {
    const unknown = [...new Set(this.lines.map((line) => line.series.trial))].filter((id) => !this.stepsPerEpoch.has(id));
    if (unknown.length === 0) return;
    for (const { trial, points } of await this.fetchSeries(unknown, ['val/loss'], 5))
      if (points.length > 0) this.stepsPerEpoch.set(trial, points[0][0]);
  }

  async fetchSeries(trials, metrics, points) {
    const query = new URLSearchParams({ trials: trials.join(','), points });
    for (const metric of metrics) query.append('metric', metric);
    const response = await fetch(`/api/series?${query}`, { signal: this.abort.signal });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.json();
  }

  receive(event) {
    if (event.kind !== 'metrics') return;
    if (event.scope === 'epoch') this.stepsPerEpoch.set(event.trial, event.step / event.epoch);
    let changed = false;
    for (const { series } of this.lines) {
      if (series.trial !== event.trial || !(series.metric in event.values)) continue;
      changed = series.append(event.seq, event.step, event.seconds, event.values[series.metric]) || changed;
    }
    if (!changed) return;
    this.undrawn = event;
    requestDraw(this);
  }

  async changeView() {
    this.zoomed = false;
    this.rebuild();
    if (this.view.x === 'epoch') {
      await this.loadEpochs().catch(() => {}); // live events bring it too
      requestDraw(this);
    }
  }

  toggle(key) {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    requestDraw(this);
  }

  /** Makes the plot anew: its series, scales and axes. Its data come with the next drawing. */
  rebuild() {
    this.plot?.destroy();
    this.plot = null;
    this.legend.show(this.lines, this.hidden);
    requestDraw(this);
  }

  fit() {
    const width = this.plotHost.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.options.height });
    else if (!this.plot) requestDraw(this);
  }

  draw() {
    const width = this.plotHost.clientWidth;
    this.describe();
    if (width === 0 || this.lines.length === 0) return;
    const data = [null, ...this.curves()];
    if (this.plot === null) {
      this.plotHost.replaceChildren();
      this.plot = new uPlot(this.plotOptions(width), data, this.plotHost);
    } else {
      this.plot.setData(data, !this.zoomed);
      if (this.zoomed) this.plot.redraw();
    }
    if (this.undrawn) this.host.dispatchEvent(new CustomEvent('chartdrawn', { bubbles: true, detail: this.undrawn }));
    this.undrawn = null;
  }

  /** The positions and values of every line as drawn; with smoothing, first the raw line, then the smoothed one. */
  curves() {
    return this.lines.flatMap(({ key, series }) => {
      const xs = this.hidden.has(key) ? [] : series.xs(this.view.x, this.stepsPerEpoch.get(series.trial));
      let ys = xs.length > 0 ? series.values : [];
      if (this.view.logY) ys = ys.map((value) => (value > 0 ? value : null));
      const raw = [xs, ys];
      return this.view.smoothing > 0 ? [raw, [xs, smooth(ys, this.view.smoothing)]] : [raw];
    });
  }

  plotOptions(width) {
    const style = getComputedStyle(this.host);
    const color = (name, fallback) => () => style.getPropertyValue(name).trim() || fallback;
    const axis = {
      stroke: color('--chart-text', style.color),
      grid: { stroke: 'rgb(128 128 128 / 25%)', width: 1 },
      ticks: { stroke: 'rgb(128 128 128 / 25%)', width: 1, size: 4 },
      font: `12px ${style.fontFamily}`,
    };
    const facets = [{ scale: 'x', auto: true, sorted: 1 }, { scale: 'y', auto: true }];
    const smoothed = this.view.smoothing > 0;
    return {
      mode: 2,
      width,
      height: this.options.height,
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false },
        points: { show: false },
        sync: this.options.syncKey ? { key: this.options.syncKey, scales: ['x', null] } : undefined,
      },
      scales: { x: { time: false, range: xRange }, y: { distr: this.view.logY ? 3 : 1 } },
      axes: [
        { ...axis, size: 34, ...xTicks(this.view.x), values: (_, ticks) => ticks.map((tick) => describe.position(this.view.x, tick)) },
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : describe.value(tick))) },
      ],
      series: [
        {},
        ...this.lines.flatMap(({ color, dash }) => {
          const line = { facets, stroke: color, dash, width: 1.75, paths: uPlot.paths.linear(), points: { show: false } };
          return smoothed ? [{ ...line, alpha: 0.25, width: 1 }, line] : [line];
        }),
      ],
      hooks: {
        setSelect: [(plot) => (this.zoomed ||= plot.select.width > 0)],
        setCursor: [(plot) => this.hover(plot)],
        drawSeries: [drawIsolated],
        ready: [(plot) => plot.over.addEventListener('dblclick', () => ((this.zoomed = false), requestDraw(this)))],
      },
    };
  }

  /** Shows every line's value under the cursor. */
  hover(plot) {
    const left = plot.cursor.left;
    this.hovered = left >= 0 ? plot.posToVal(left, 'x') : null;
    this.describe();
  }

  /** Writes the values beside the names, and the chart's summary for those who cannot see it. */
  describe() {
    const { x } = this.view;
    const values = this.lines.map(({ series }) => {
      if (this.hovered === null) return series.latest();
      const at = nearest(series.xs(x, this.stepsPerEpoch.get(series.trial)), this.hovered);
      return at < 0 ? null : series.values[at];
    });
    this.legend.write(values, this.hovered === null ? 'Latest' : `At ${describe.position(x, this.hovered)}`);
    const count = this.lines.length;
    this.plotHost.setAttribute(
      'aria-label',
      `${this.options.title}: ${count} ${count === 1 ? 'line' : 'lines'} over ${describe.axis[x]}. The values are in the table below.`,
    );
  }
}

/** Draws the points that no line leads to or from, such as a first epoch's, as dots. */
function drawIsolated(plot, index) {
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
function xRange(_, least, greatest) {
  return least !== null && least === greatest ? [0, 2 * greatest || 1] : [least, greatest];
}

/** Distances of ticks: whole steps; for time, what a clock divides into. */
function xTicks(axis) {
  const powers = (factors) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].flatMap((power) => factors.map((f) => f * power));
  if (axis === 'time') return { incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, ...powers([3600, 7200, 18000])] };
  return { incrs: powers([1, 2, 5]) };
}
