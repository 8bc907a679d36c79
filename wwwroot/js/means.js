// Lines that belong together, such as the seeds of a configuration, as one: their mean and its 95 % interval. Pure data.

/**
 * Mean and 95 % t interval of curves at the positions of the one with the most points; others are read between their
 * points, and only where they have been. Where their number changes, the line is broken: a mean of fewer seeds is
 * another mean.
 * @param {{ xs: number[], ys: (number|null)[] }[]} curves
 * @returns {{ xs: number[], mean: (number|null)[], low: (number|null)[], high: (number|null)[], n: number[] }}
 */
export function meanOf(curves) {
  const out = { xs: [], mean: [], low: [], high: [], n: [] };
  const whole = curves.map(present).filter(({ xs }) => xs.length > 0);
  if (whole.length === 0) return out;
  const grid = whole.reduce((most, curve) => (curve.xs.length > most.xs.length ? curve : most)).xs;
  const readers = whole.map(reader);
  const push = (x, mean, low, high, n) => {
    out.xs.push(x);
    out.mean.push(mean);
    out.low.push(low);
    out.high.push(high);
    out.n.push(n);
  };
  for (const x of grid) {
    const values = readers.map((read) => read(x)).filter((value) => value !== null);
    const n = values.length;
    if (out.n.length > 0 && out.n.at(-1) !== n) push(x, null, null, null, n);
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const half = n > 1 ? t975(n - 1) * Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1) / n) : 0;
    push(x, mean, mean - half, mean + half, n);
  }
  return out;
}

function present({ xs, ys }) {
  const kept = xs.map((_, i) => i).filter((i) => ys[i] !== null && ys[i] !== undefined);
  return { xs: kept.map((i) => xs[i]), ys: kept.map((i) => ys[i]) };
}

/** Reads a curve at rising positions, by a straight line between two points; null outside of it. */
function reader({ xs, ys }) {
  let at = 0;
  return (x) => {
    if (x < xs[0] || x > xs.at(-1)) return null;
    while (at < xs.length - 2 && xs[at + 1] < x) at++;
    if (xs.length === 1) return ys[0];
    const share = (x - xs[at]) / (xs[at + 1] - xs[at]);
    return ys[at] + share * (ys[at + 1] - ys[at]);
  };
}

const T975 = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037, 2.14479,
  2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596,
];

/** The 0.975 quantile of Student's t: by table up to 20 degrees of freedom, then by its expansion, right to 1e-4. */
export function t975(degrees) {
  if (degrees <= T975.length) return T975[degrees - 1];
  const z = 1.959964;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  const second = (5 * z5 + 16 * z3 + 3 * z) / 96;
  const third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384;
  return z + (z3 + z) / (4 * degrees) + second / degrees ** 2 + third / degrees ** 3;
}
