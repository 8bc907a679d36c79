// One column of the trials as an axis: from values to places from 0 to 1 and back, with its ticks.

import { describe } from './chartParts.js';

/** An axis as /api/sweeps/{id}/relations tells it: { key, title, scale, percent, values, words }. */
export class TrialAxis {
  constructor(told) {
    Object.assign(this, told);
    const known = this.values.filter((value) => value !== null && (this.scale !== 'log' || value > 0));
    const [low, high] = known.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    // Words stand in the middle of equal cells; numbers that are all the same stand in the middle of the axis.
    if (this.scale === 'words') [this.low, this.high] = [-0.5, this.words.length - 0.5];
    else if (known.length === 0) [this.low, this.high] = [0, 1];
    else if (low === high) [this.low, this.high] = this.scale === 'log' ? [low / 2, low * 2] : [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2];
    else [this.low, this.high] = [low, high];
  }

  /** The place of a value; null for none. */
  place(value) {
    if (value === null || value === undefined) return null;
    if (this.scale === 'log') return value > 0 ? Math.log(value / this.low) / Math.log(this.high / this.low) : null;
    return (value - this.low) / (this.high - this.low);
  }

  /** The place of a trial, by its index; null where it has no value. */
  placeOf(index) {
    return this.place(this.values[index]);
  }

  /** The value at a place, with as many digits as the axis can tell apart. */
  valueAt(place) {
    if (this.scale === 'log') return Number((this.low * (this.high / this.low) ** place).toPrecision(3));
    const span = this.high - this.low;
    const digits = Math.max(0, 3 - Math.ceil(Math.log10(span)));
    return Number((this.low + place * span).toFixed(Math.min(digits, 20)));
  }

  /**
   * What lies between two places, as the filter says it: a stretch, or words.
   * An end at the axis's own end is no bound.
   */
  rangeBetween(from, to) {
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    if (this.scale === 'words') {
      const words = this.words.filter((_, i) => this.place(i) >= a && this.place(i) <= b);
      return words.length > 0 ? { low: null, high: null, words } : null;
    }
    const range = { low: a <= 0 ? null : this.valueAt(a), high: b >= 1 ? null : this.valueAt(b), words: null };
    return range.low === null && range.high === null ? null : range;
  }

  /** The places of a range's ends. */
  placesOf({ low, high, words }) {
    if (words) {
      const at = words.map((word) => this.words.findIndex((own) => own.toLowerCase() === word.toLowerCase())).filter((i) => i >= 0);
      return at.length > 0 ? [this.place(Math.min(...at) - 0.4), this.place(Math.max(...at) + 0.4)] : null;
    }
    return [low === null ? 0 : (this.place(low) ?? 0), high === null ? 1 : (this.place(high) ?? 1)];
  }

  /** A value in words. */
  write(value) {
    if (value === null || value === undefined) return '–';
    if (this.scale === 'words') return this.words[value];
    return this.percent ? `${(100 * value).toFixed(2)} %` : describe.value(value);
  }

  /** Ticks: [{ place, text }], about as many as asked for. */
  ticks(about) {
    if (this.scale === 'words') return this.words.map((word, i) => ({ place: this.place(i), text: word }));
    const values = this.scale === 'log' ? logTicks(this.low, this.high, about) : evenTicks(this.low, this.high, about);
    return values.map((value) => ({
      place: this.place(value),
      text: this.percent ? `${Number((100 * value).toPrecision(4))} %` : describe.value(value),
    }));
  }
}

function evenTicks(low, high, about) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high, about) {
  const decades = Math.log10(high / low);
  const factors = decades * 3 <= about * 1.5 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(6));
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
    }
  return ticks.length >= 2 ? ticks : evenTicks(low, high, about);
}
