// Points of one curve: trial × metric, and where the epochs of its trial lie. Pure data, no drawing.

const MOST = 3000; // points kept; above it, every other stretch is reduced to its least and greatest
const REDUCED = 1500;

export class Series {
  constructor(trial, metric) {
    this.trial = trial;
    this.metric = metric;
    this.seq = 0; // last sequence number that is in here
    this.steps = [];
    this.seconds = [];
    this.values = [];
  }

  /** Takes a series of the API: [[step, seconds, value], …] up to sequence number `to`. */
  load({ points, to }) {
    this.steps = points.map((point) => point[0]);
    this.seconds = points.map((point) => point[1]);
    this.values = points.map((point) => point[2]);
    this.seq = to;
  }

  /** Takes a point; those at its own or a later step go, because a resumed attempt reports them again. */
  append(seq, step, seconds, value) {
    if (seq <= this.seq) return false;
    this.seq = seq;
    while (this.steps.length > 0 && this.steps.at(-1) >= step) {
      this.steps.pop();
      this.seconds.pop();
      this.values.pop();
    }
    this.steps.push(step);
    this.seconds.push(seconds);
    this.values.push(Number.isFinite(value) ? value : null);
    if (this.steps.length > MOST) this.reduce();
    return true;
  }

  /** Keeps the first and last point, and the least and greatest of each stretch between. */
  reduce() {
    const { steps, seconds, values } = this;
    const last = steps.length - 1;
    const buckets = REDUCED / 2;
    const kept = [0];
    for (let bucket = 0; bucket < buckets; bucket++) {
      const from = 1 + Math.floor((bucket * (last - 1)) / buckets);
      const until = 1 + Math.floor(((bucket + 1) * (last - 1)) / buckets);
      let least = from;
      let greatest = from;
      for (let i = from; i < until; i++) {
        if (values[i] < values[least]) least = i;
        if (values[i] > values[greatest]) greatest = i;
      }
      kept.push(Math.min(least, greatest));
      if (least !== greatest) kept.push(Math.max(least, greatest));
    }
    kept.push(last);
    this.steps = kept.map((i) => steps[i]);
    this.seconds = kept.map((i) => seconds[i]);
    this.values = kept.map((i) => values[i]);
  }

  /** The last value that is a number, or null. */
  latest() {
    for (let i = this.values.length - 1; i >= 0; i--) if (this.values[i] !== null) return this.values[i];
    return null;
  }

  /** Positions on the x axis: 'step', 'time', or 'epoch' with the epochs of the trial. */
  xs(axis, epochs) {
    if (axis === 'time') return this.seconds;
    if (axis === 'epoch') return epochs ? this.steps.map((step) => epochs.of(step)) : [];
    return this.steps;
  }
}

/** Where the epochs of a trial lie among its steps. A fork's go on from its parent's, and have other lengths where its batches have. */
export class Epochs {
  /**
   * @param {object} end
   * @param {number} end.epoch an epoch that has ended, 1-based
   * @param {number} end.step the steps until then
   * @param {number} [end.length] the steps of an epoch; left out, those before are taken to have been as long
   */
  constructor({ epoch, step, length }) {
    this.epoch = epoch;
    this.step = step;
    this.length = length ?? step / epoch;
    this.start = step - epoch * this.length; // where the first began, or would have
  }

  /** A step as a number of epochs: 2 at the end of the second. */
  of(step) {
    return (step - this.start) / this.length;
  }

  /** The steps until the end of an epoch. */
  endOf(epoch) {
    return this.start + epoch * this.length;
  }

  /** What is known once another epoch has ended: right after this one, it tells how long they are. */
  next({ epoch, step }) {
    return new Epochs({ epoch, step, length: epoch === this.epoch + 1 ? step - this.step : this.length });
  }
}

/** Indices of the values with a gap, or nothing, on both sides: a line through them has no length. */
export function isolated(values) {
  const there = (i) => (values[i] ?? null) !== null;
  return [...values.keys()].filter((i) => there(i) && !there(i - 1) && !there(i + 1));
}

/** Index of the position nearest to x in rising positions, or -1. */
export function nearest(xs, x) {
  if (xs.length === 0) return -1;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1] < xs[low] - x ? low - 1 : low;
}
