// What the lines of a chart are drawn from, read from the API: their points so far, smoothed, and a stretch of them
// closely. A line holds them as `series`, `smoothed`, `close` and `closeSmoothed`.

import { Series, nearest } from './series.js';

const POINTS = 1500; // asked for per series: no screen shows more
const MOST_POINTS = 20000; // the server gives no more of one
const ALL_POINTS = 200000; // asked for in all when a stretch is looked at closely

export class LineHistory {
  constructor() {
    this.abort = new AbortController();
    this.stepsPerEpoch = new Map(); // by trial
    this.turns = new Map(); // number of the newest reading, by the part that it reads
  }

  dispose() {
    this.abort.abort();
  }

  /** Positions of a series on an axis. */
  xs(series, axis) {
    return series.xs(axis, this.stepsPerEpoch.get(series.trial));
  }

  /** Reads the lines that have not been read yet; throws where the server does not answer. */
  async load(lines, withEpochs) {
    if (withEpochs) await this.loadEpochs(lines);
    const missing = lines.filter((line) => !line.loaded);
    if (missing.length === 0) return;
    const found = await this.fetch(missing, POINTS);
    for (const line of missing) {
      if (found.has(line.key)) line.series.load(found.get(line.key));
      line.loaded = true;
    }
  }

  /** Learns how many steps each trial's epochs have: the first validation comes after the first epoch. */
  async loadEpochs(lines) {
    const unknown = lines.map(({ series }) => series.trial).filter((trial) => !this.stepsPerEpoch.has(trial));
    if (unknown.length === 0) return;
    const validations = unknown.map((trial) => ({ series: { trial, metric: 'val/loss' } }));
    for (const { trial, points } of (await this.fetch(validations, 5)).values())
      if (points.length > 0) this.stepsPerEpoch.set(trial, points[0][0]);
  }

  /** Takes an epoch's end as it happens. */
  follow({ scope, trial, step, epoch }) {
    if (scope === 'epoch') this.stepsPerEpoch.set(trial, step / epoch);
  }

  /**
   * Reads the lines smoothed: the server smooths every logged point, of which a line has but some.
   * @param {object[]} lines
   * @param {{ x: string, halfLife: number }} view
   * @param {object} [stretch] { first, last } in steps; without it the whole
   */
  async smooth(lines, { x, halfLife }, stretch) {
    const part = stretch ? 'closeSmoothed' : 'smoothed';
    const isNewest = this.begin(part);
    if (!(halfLife > 0)) {
      for (const line of lines) line[part] = null;
      return;
    }
    const stepsOf = ({ series }) => (x === 'epoch' ? (this.stepsPerEpoch.get(series.trial) ?? 0) : 1);
    for (const [steps, alike] of Map.groupBy(lines, stepsOf)) {
      const smoothing = { halfLife: halfLife * steps, over: x === 'time' ? 'seconds' : 'steps', ...stretch };
      if (steps > 0) await this.read(alike, part, smoothing, isNewest);
    }
  }

  /** Reads every point of a stretch of an axis, raw and smoothed. */
  async lookClosely(lines, view, { min, max }) {
    const steps = lines.flatMap(({ series }) => {
      const xs = this.xs(series, view.x);
      return xs.length === 0 ? [] : [series.steps[nearest(xs, min)], series.steps[nearest(xs, max)]];
    });
    if (steps.length === 0) return;
    const stretch = { first: Math.min(...steps), last: Math.max(...steps) };
    await this.read(lines, 'close', stretch, this.begin('close'));
    await this.smooth(lines, view, stretch);
  }

  /** Forgets the stretch, also one that is still being read. */
  lookAway(lines) {
    this.begin('close');
    this.begin('closeSmoothed');
    for (const line of lines) line.close = line.closeSmoothed = null;
  }

  /** Every point of lines: copies of them, with longer series. */
  async whole(lines) {
    const copies = lines.map((line) => ({ ...line }));
    await this.read(copies, 'series', { first: 0 }, () => true);
    return copies;
  }

  /** A reading of a part begins: earlier ones that still come are out of date. */
  begin(part) {
    const turn = (this.turns.get(part) ?? 0) + 1;
    this.turns.set(part, turn);
    return () => this.turns.get(part) === turn;
  }

  /** Reads series into a part of the lines; what cannot be read stays as it is. */
  async read(lines, part, more, isNewest) {
    const points = 'first' in more ? Math.min(MOST_POINTS, Math.floor(ALL_POINTS / lines.length)) : POINTS;
    const found = await this.fetch(lines, points, more).catch(() => new Map());
    if (!isNewest()) return;
    for (const line of lines)
      if (found.has(line.key)) (line[part] = new Series(line.series.trial, line.series.metric)).load(found.get(line.key));
  }

  /** The API's series of lines, by the lines' keys. */
  async fetch(lines, points, more = {}) {
    const trials = new Set(lines.map(({ series }) => series.trial));
    const query = new URLSearchParams({ trials: [...trials].join(','), points, ...more });
    for (const metric of new Set(lines.map(({ series }) => series.metric))) query.append('metric', metric);
    const response = await fetch(`/api/series?${query}`, { signal: this.abort.signal });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return new Map((await response.json()).map((series) => [`${series.trial} ${series.metric}`, series]));
  }
}
