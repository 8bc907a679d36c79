// What the lines of a chart are drawn from, read from the API: their points so far, smoothed, and a stretch of them
// closely. A line holds them as `series`, `smoothed`, `close` and `closeSmoothed`.

import { Epochs, Series, nearest } from './series.js';

const POINTS = 1500; // asked for per series: no screen shows more
const MOST_POINTS = 20000; // the server gives no more of one
const ALL_POINTS = 200000; // asked for in all when every point of a stretch is wanted

export class LineHistory {
  constructor() {
    this.abort = new AbortController();
    this.epochs = new Map(); // by trial
    this.turns = new Map(); // number of the newest reading, by the part that it reads
  }

  dispose() {
    this.abort.abort();
  }

  /** Positions of a series on an axis. */
  xs(series, axis) {
    return series.xs(axis, this.epochs.get(series.trial));
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

  /** Learns where the epochs of each trial lie; of those that have not ended one it is told later. */
  async loadEpochs(lines) {
    const unknown = lines.map(({ series }) => series.trial).filter((trial) => !this.epochs.has(trial));
    if (unknown.length === 0) return;
    const validations = unknown.map((trial) => ({ series: { trial, metric: 'val/loss' } }));
    for (const { trial, epochs } of (await this.fetch(validations, 5, { epochs: true })).values())
      if (epochs) this.epochs.set(trial, new Epochs(epochs));
  }

  /** Takes an epoch's end as it happens. */
  follow({ scope, trial, step, epoch }) {
    if (scope !== 'epoch') return;
    const known = this.epochs.get(trial);
    this.epochs.set(trial, known ? known.next({ epoch, step }) : new Epochs({ epoch, step }));
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
    const stepsOf = ({ series }) => (x === 'epoch' ? (this.epochs.get(series.trial)?.length ?? 0) : 1);
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

  /** Every point of lines: copies of them, with longer series; throws where the server does not answer. */
  async whole(lines) {
    const points = new Map(lines.map(({ key }) => [key, []]));
    await this.gather(lines, 0, Number.MAX_SAFE_INTEGER, points);
    return lines.map((line) => {
      const series = new Series(line.series.trial, line.series.metric);
      series.load({ points: points.get(line.key), to: line.series.seq });
      return { ...line, series };
    });
  }

  /** Adds the points of a stretch of steps to those of each line; where the server leaves some out, half by half. */
  async gather(lines, first, last, points) {
    if (lines.length === 0) return;
    const found = await this.fetch(lines, mostPoints(lines), { first, last });
    const [thinned, ends] = [[], []];
    for (const line of lines) {
      const series = found.get(line.key);
      if (series.reduced) {
        thinned.push(line);
        ends.push(series.points[0][0], series.points.at(-1)[0]);
      } else {
        // A stretch comes with its neighbours on both sides, which belong to other stretches.
        points.get(line.key).push(...series.points.filter(([step]) => step >= first && step <= last));
      }
    }
    const middle = Math.floor((Math.max(first, Math.min(...ends)) + Math.min(last, Math.max(...ends))) / 2);
    await this.gather(thinned, first, middle, points);
    await this.gather(thinned, middle + 1, last, points);
  }

  /** A reading of a part begins: earlier ones that still come are out of date. */
  begin(part) {
    const turn = (this.turns.get(part) ?? 0) + 1;
    this.turns.set(part, turn);
    return () => this.turns.get(part) === turn;
  }

  /** Reads series into a part of the lines; what cannot be read stays as it is. */
  async read(lines, part, more, isNewest) {
    const points = 'first' in more ? mostPoints(lines) : POINTS;
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

/** As many points of each line as the server gives, and as may be asked for in all. */
function mostPoints(lines) {
  return Math.min(MOST_POINTS, Math.floor(ALL_POINTS / lines.length));
}
