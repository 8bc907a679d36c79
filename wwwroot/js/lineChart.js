// Live curves on a canvas (uPlot): one line per trial and metric. History by HTTP, news from the hub.

import uPlot from '../lib/uPlot.esm.js';
import { cancelDraw, requestDraw } from './drawLoop.js';
import { save, toCsv, toPng, toSvg } from './chartFiles.js';
import { describe, legend, toolbar } from './chartParts.js';
import { LineHistory } from './lineHistory.js';
import { follow } from './live.js';
import { meanOf } from './means.js';
import { drawBand, drawIsolated, drawMark, xRange, xTicks } from './plotParts.js';
import { Series, nearest } from './series.js';

const RESMOOTH = 1500; // milliseconds between two readings of smoothed lines that grow
const PALETTE = [
  '#3b82c4', '#e07b39', '#3a9e5c', '#d05a8b', '#8a63c9', '#b08a1e', '#1f9aa8', '#c94f4f', '#6b8e23', '#7a7f8a',
];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * Makes a chart inside an element, which it owns from then on.
 * @param {HTMLElement} host
 * @param {object} owner a .NET object that is told of changes of the view
 * @param {object} options title, trials: [{ id, name, color, group }], metrics, view, height, controls, syncKey
 */
export function create(host, owner, options) {
  return new LineChart(host, owner, options);
}

const charts = new Set(); // all of the page

class LineChart {
  constructor(host, owner, options) {
    charts.add(this);
    this.host = host;
    this.owner = owner;
    host.chart = this; // for a look inside: from the browser's console, from the tests
    this.visible = false;
    this.lastDrawn = 0;
    this.lines = [];
    this.groups = []; // lines of the same configuration and metric
    this.hidden = new Set(); // keys of lines that people switched off
    this.history = new LineHistory();
    this.listed = []; // keys of the legend's rows
    this.stretch = null; // ends of the x axis that the person has zoomed to
    this.selectedAt = 0;
    this.hovered = null;
    this.generation = 0;

    this.view = { ...options.view, pinned: false };
    this.toolbar = toolbar(this.view, (what) => this.changeView(what), (format) => this.export(format));
    this.plotHost = document.createElement('div');
    this.plotHost.className = 'chart-plot';
    this.plotHost.setAttribute('role', 'img');
    this.note = document.createElement('p');
    this.note.className = 'sq-error';
    this.note.setAttribute('role', 'alert');
    this.note.hidden = true;
    this.legend = legend((key) => this.toggle(key));
    host.replaceChildren(this.toolbar.element, this.note, this.plotHost, this.legend.element);

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
    const same = (of) => JSON.stringify({ ...of, mark: null });
    const onlyMark = this.options && same(this.options) === same(options);
    this.options = options;
    if (onlyMark) return requestDraw(this);
    this.toolbar.element.hidden = !options.controls;
    this.plotHost.style.minHeight = `${options.height}px`;
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
        line.group = trial.group ? `${trial.group} · ${metric}` : key;
        line.groupName = [trial.group ?? trial.name, options.metrics.length > 1 ? metric : ''].filter(Boolean).join(' · ');
        return line;
      }),
    );
    const byGroup = Map.groupBy(this.lines, (line) => line.group);
    this.groups = [...byGroup].map(([key, lines]) => ({
      key,
      lines,
      name: lines.length > 1 ? `${lines[0].groupName} (n = ${lines.length})` : lines[0].name,
      color: lines[0].color,
      dash: lines[0].dash,
    }));
    this.toolbar.offerMeans(this.groups.some(({ lines }) => lines.length > 1));
    const otherView = JSON.stringify(options.view) !== this.given;
    if (otherView) {
      // From the address: another view than the one that the person has made here since.
      this.given = JSON.stringify(options.view);
      Object.assign(this.view, options.view);
      this.toolbar.write();
    }
    // A trial that begins, or goes, takes nobody's zoom away; another view, or other curves altogether, do.
    if (otherView || !this.lines.some(({ key }) => known.has(key))) this.unzoom();
    this.rebuild();
    this.load();
  }

  /** Whether means are drawn: asked for, and something to average. */
  get averages() {
    return this.view.means && this.groups.some(({ lines }) => lines.length > 1);
  }

  /** Whether epochs must be known: for the axis, or to mark one. */
  get needsEpochs() {
    return this.view.x === 'epoch' || this.options.marks;
  }

  /** What stands in the legend. */
  get rows() {
    return this.averages ? this.groups : this.lines;
  }

  dispose() {
    charts.delete(this);
    this.generation++;
    clearTimeout(this.smoothing);
    this.history.dispose();
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
        await this.history.load(this.lines, this.needsEpochs);
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
    await this.smooth();
    this.host.dataset.ready = 'true';
    requestDraw(this);
    await this.lookClosely(); // also at the lines that have just come
  }

  receive(event) {
    if (event.kind !== 'metrics') return;
    this.history.follow(event);
    let changed = false;
    for (const { series, close } of this.lines) {
      if (series.trial !== event.trial || !(series.metric in event.values)) continue;
      const point = [event.seq, event.step, event.seconds, event.values[series.metric]];
      changed = series.append(...point) || changed;
      if (close) close.append(...point);
    }
    if (!changed) return;
    if (this.view.halfLife > 0)
      this.smoothing ??= setTimeout(async () => {
        await this.smooth();
        this.smoothing = null;
      }, RESMOOTH);
    this.undrawn = event;
    requestDraw(this);
  }

  async changeView(what) {
    const { min, max } = this.plot?.scales.y ?? {};
    this.unzoom();
    this.rebuild();
    if (what === 'pinned') {
      this.pinned = this.view.pinned && min !== undefined ? [min, max] : null;
      return;
    }
    const { x, logX, logY, halfLife, means } = this.view;
    this.given = JSON.stringify({ x, logX, logY, halfLife, means });
    this.owner.invokeMethodAsync('ChangeViewAsync', { x, logX, logY, halfLife, means });
    if (this.needsEpochs) await this.history.loadEpochs(this.lines).catch(() => {}); // live events bring it too
    await this.smooth();
  }

  async smooth() {
    await this.history.smooth(this.lines, this.view);
    requestDraw(this);
  }

  async lookClosely() {
    if (!this.stretch) return;
    await this.history.lookClosely(this.lines, this.view, this.stretch);
    requestDraw(this);
  }

  unzoom() {
    this.stretch = null;
    this.history.lookAway(this.lines);
    requestDraw(this);
  }

  /** Leaves the zoom, in the charts that moved with this one as well. */
  unzoomAll() {
    const { syncKey } = this.options;
    for (const chart of charts) if (chart === this || (syncKey && chart.options.syncKey === syncKey)) chart.unzoom();
  }

  async export(format) {
    const name = this.options.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'chart';
    this.note.hidden = true;
    if (format === 'CSV') {
      try {
        const lines = await this.history.whole(this.lines.filter((line) => !this.isHidden(line)));
        save(toCsv(lines), `${name}.csv`, 'text/csv');
      } catch (error) {
        this.note.textContent = `The points could not be read: ${error.message}`;
        this.note.hidden = false;
      }
      return;
    }
    if (!this.plot) return;
    const svg = toSvg(this.plot, {
      title: this.options.title,
      strokes: this.strokes,
      rows: this.rows.filter(({ key }) => !this.hidden.has(key)),
    });
    if (format === 'SVG') save(svg, `${name}.svg`, 'image/svg+xml');
    else save(await toPng(svg), `${name}.png`, 'image/png');
  }

  toggle(key) {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    requestDraw(this);
  }

  /** Makes the plot anew: its series, scales and axes. Its data come with the next drawing. */
  rebuild() {
    this.plot?.destroy();
    this.plot = null;
    this.list();
    requestDraw(this);
  }

  /** Writes the legend anew; the button that has the focus keeps it. */
  list() {
    const buttons = () => [...this.legend.element.querySelectorAll('tbody button')];
    const focused = this.listed[buttons().indexOf(document.activeElement)];
    this.legend.show(this.rows, this.hidden);
    this.listed = this.rows.map(({ key }) => key);
    buttons()[this.listed.indexOf(focused)]?.focus({ preventScroll: true });
  }

  fit() {
    const width = this.plotHost.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.options.height });
    else if (!this.plot) requestDraw(this);
  }

  draw() {
    const width = this.plotHost.clientWidth;
    // Before the first history there is nothing but empty axes; the place is kept.
    if (width === 0 || this.lines.length === 0 || !this.host.dataset.ready) return this.describe();
    const data = [null, ...this.curves()];
    this.describe();
    if (this.plot === null) {
      this.plotHost.replaceChildren();
      this.plot = new uPlot(this.plotOptions(width), data, this.plotHost);
    } else {
      this.plot.setData(data, !this.stretch);
      if (this.stretch) this.plot.redraw();
    }
    if (this.undrawn) this.host.dispatchEvent(new CustomEvent('chartdrawn', { bubbles: true, detail: this.undrawn }));
    this.undrawn = null;
  }

  isHidden({ key, group }) {
    return this.hidden.has(this.averages ? group : key);
  }

  /** How each curve is drawn: raw lines first, faint where something is drawn from them, which follows. */
  describeStrokes() {
    const derived = this.averages || this.view.halfLife > 0;
    const strokes = this.lines.map(({ color, dash }) => ({ color, dash, alpha: derived ? 0.25 : 1, width: derived ? 1 : 1.75 }));
    if (this.averages)
      for (const { color, dash } of this.groups) {
        const low = strokes.length;
        strokes.push({ color, dash, alpha: 0, width: 0 }, { color, dash, alpha: 0, width: 0, bandFrom: low });
        strokes.push({ color, dash, alpha: 1, width: 2 });
      }
    else if (derived) strokes.push(...this.lines.map(({ color, dash }) => ({ color, dash, alpha: 1, width: 1.75 })));
    return strokes;
  }

  /** The positions and values of every curve, in the order of the strokes. */
  curves() {
    const smooths = this.view.halfLife > 0;
    const curves = this.lines.map((line) => this.curve(line, (this.stretch && line.close) || line.series));
    const smoothed = (line) => this.curve(line, (this.stretch && line.closeSmoothed) || line.smoothed || line.series);
    if (this.averages)
      for (const group of this.groups) {
        const parts = group.lines.map((line, i) => (smooths ? smoothed(line) : curves[this.lines.indexOf(group.lines[i])]));
        group.mean = meanOf(parts.map(([xs, ys]) => ({ xs, ys })));
        const { xs, low, mean, high } = group.mean;
        const positive = (ys) => (this.view.logY ? ys.map((value) => (value > 0 ? value : null)) : ys);
        curves.push([xs, positive(low)], [xs, positive(high)], [xs, positive(mean)]);
      }
    else if (smooths) curves.push(...this.lines.map(smoothed));
    return curves;
  }

  /** A series' positions and values, without what a logarithm does not have. */
  curve(line, series) {
    let xs = this.isHidden(line) ? [] : this.history.xs(series, this.view.x);
    let ys = xs.length > 0 ? series.values : [];
    if (this.view.logX) [xs, ys] = [xs.filter((x) => x > 0), ys.filter((_, i) => xs[i] > 0)];
    if (this.view.logY) ys = ys.map((value) => (value > 0 ? value : null));
    return [xs, ys];
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
    this.strokes = this.describeStrokes();
    const vertical = this.pinned ? { range: () => this.pinned } : {};
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
      scales: {
        x: { time: false, distr: this.view.logX ? 3 : 1, range: xRange, ...this.stretch },
        y: { distr: this.view.logY ? 3 : 1, ...vertical },
      },
      axes: [
        { ...axis, size: 34, ...(this.view.logX ? {} : xTicks(this.view.x)), values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : describe.position(this.view.x, tick))) },
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : describe.value(tick))) },
      ],
      series: [
        {},
        ...this.strokes.map(({ color, dash, alpha, width }) => ({
          // An interval of few seeds may be many times as wide as the lines, which must stay readable: it runs out of the frame.
          auto: width > 0,
          facets,
          stroke: color,
          dash,
          alpha,
          width,
          paths: uPlot.paths.linear(),
          points: { show: false },
        })),
      ],
      hooks: {
        setSelect: [(plot) => this.select(plot)],
        setCursor: [(plot) => this.hover(plot)],
        drawSeries: [drawIsolated, (plot, index) => drawBand(plot, index, this.strokes)],
        draw: [(plot) => drawMark(plot, this.markAt(), style.getPropertyValue('--sq-accent'))],
        ready: [
          (plot) => plot.over.addEventListener('dblclick', () => this.unzoomAll()),
          (plot) => plot.over.addEventListener('click', (event) => this.mark(plot, event)),
        ],
      },
    };
  }

  /** Where the marked epoch is on the axis; null where that is not known, or none is marked. */
  markAt() {
    const { mark } = this.options;
    const [line] = this.lines;
    const epochs = this.history.epochs.get(line?.series.trial);
    if (mark === null || !epochs) return null;
    if (this.view.x === 'epoch') return mark;
    const step = epochs.endOf(mark);
    return this.view.x === 'step' ? step : (this.history.xs(line.series, 'time')[nearest(line.series.steps, step)] ?? null);
  }

  /** Marks the epoch that is clicked, where the page wants that. */
  mark(plot, { offsetX }) {
    const [line] = this.lines;
    const epochs = this.history.epochs.get(line?.series.trial);
    if (!this.options.marks || !epochs || performance.now() - this.selectedAt < 300) return;
    const x = plot.posToVal(offsetX, 'x');
    const step = this.view.x === 'time' ? line.series.steps[nearest(this.history.xs(line.series, 'time'), x)] : x;
    const epoch = Math.round(this.view.x === 'epoch' ? x : epochs.of(step));
    void this.owner.invokeMethodAsync('MarkEpochAsync', Math.max(1, epoch));
  }

  select(plot) {
    const { left, width } = plot.select;
    if (width <= 0) return;
    this.selectedAt = performance.now();
    this.stretch = { min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') }; // as the axis will take them
    void this.lookClosely();
  }

  /** Shows every line's value under the cursor. */
  hover(plot) {
    const left = plot.cursor.left;
    this.hovered = left >= 0 ? plot.posToVal(left, 'x') : null;
    this.describe();
  }

  valueOf({ series }) {
    if (this.hovered === null) return series.latest();
    const at = nearest(this.history.xs(series, this.view.x), this.hovered);
    return at < 0 ? null : series.values[at];
  }

  /** A group's mean with half of its interval and the number of lines that it is of. */
  meanText({ lines, mean }) {
    if (lines.length === 1) return this.valueOf(lines[0]);
    let at = !mean || mean.xs.length === 0 ? -1 : this.hovered === null ? mean.xs.length - 1 : nearest(mean.xs, this.hovered);
    if (at >= 0 && mean.mean[at] === null) at++; // a break has its place twice
    if (at < 0) return null;
    const half = mean.n[at] > 1 ? ` ± ${describe.value(mean.high[at] - mean.mean[at])}` : '';
    return `${describe.value(mean.mean[at])}${half} (n = ${mean.n[at]})`;
  }

  /** Writes the values beside the names, and the chart's summary for those who cannot see it. */
  describe() {
    const { x } = this.view;
    const values = this.averages ? this.groups.map((group) => this.meanText(group)) : this.lines.map((line) => this.valueOf(line));
    this.legend.write(values, this.hovered === null ? 'Latest' : `At ${describe.position(x, this.hovered)}`);
    const count = this.lines.length;
    this.plotHost.setAttribute(
      'aria-label',
      `${this.options.title}: ${count} ${count === 1 ? 'line' : 'lines'} over ${describe.axis[x]}. The values are in the table below.`,
    );
  }
}
