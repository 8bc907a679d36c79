import assert from 'node:assert/strict';
import { test } from 'node:test';

const { meanOf, t975 } = await import(process.env.MEANS);

const near = (actual, expected, within = 1e-9) => assert.ok(Math.abs(actual - expected) < within, `${actual} is not ${expected}`);

test('quantiles are those of the tables of Student', () => {
  // scipy.stats.t.ppf(0.975, n)
  for (const [degrees, expected] of [[1, 12.706205], [4, 2.776445], [20, 2.085963], [21, 2.079614], [29, 2.04523], [60, 2.000298], [500, 1.964720]])
    near(t975(degrees), expected, 1e-4);
});

test('a mean has the interval of its seeds at each position', () => {
  const { xs, mean, low, high, n } = meanOf([
    { xs: [1, 2], ys: [0.7, 0.8] },
    { xs: [1, 2], ys: [0.72, 0.8] },
    { xs: [1, 2], ys: [0.74, 0.8] },
  ]);
  assert.deepEqual([xs, n], [[1, 2], [3, 3]]);
  near(mean[0], 0.72);
  near(high[0] - mean[0], (4.302653 * 0.02) / Math.sqrt(3), 1e-6);
  near(mean[0] - low[0], (4.302653 * 0.02) / Math.sqrt(3), 1e-6);
  near(high[1] - low[1], 0);
});

test('where a seed has ended the line is broken and the number told', () => {
  const { xs, mean, n } = meanOf([{ xs: [1, 2, 3], ys: [1, 1, 1] }, { xs: [1, 2], ys: [3, 3] }, { xs: [], ys: [] }]);
  assert.deepEqual(xs, [1, 2, 3, 3]);
  assert.deepEqual(n, [2, 2, 1, 1]);
  assert.deepEqual(mean, [2, 2, null, 1]);
});

test('a seed that logged elsewhere is read between its points, over its gaps, and never beyond them', () => {
  const { xs, mean, n } = meanOf([{ xs: [0, 1, 2, 3], ys: [0, 0, 0, 0] }, { xs: [1, 2, 3], ys: [4, null, 8] }]);
  assert.deepEqual(xs, [0, 1, 1, 2, 3]);
  assert.deepEqual(n, [1, 2, 2, 2, 2]);
  assert.deepEqual(mean, [0, null, 2, 3, 4]);
});
