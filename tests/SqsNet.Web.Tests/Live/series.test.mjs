// Run by SeriesScriptTests: node --test with the script's address in SERIES.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { Epochs, Series, isolated, nearest } = await import(process.env.SERIES);

function loaded(points, to = points.length) {
  const series = new Series(1, 'train/loss');
  series.load({ points, to });
  return series;
}

test('events that the history covers already are not appended again', () => {
  const series = loaded([[1, 0, 2], [2, 0, 1]], 7);
  assert.equal(series.append(7, 3, 0, 9), false);
  assert.equal(series.append(8, 3, 0, 9), true);
  assert.deepEqual(series.steps, [1, 2, 3]);
});

test('a resumed attempt takes the place of the steps that it reports again', () => {
  const series = loaded([[1, 0, 4], [2, 0, 3], [3, 0, 2]], 3);
  series.append(4, 2, 0, 30);
  assert.deepEqual(series.steps, [1, 2]);
  assert.deepEqual(series.values, [4, 30]);
});

test('values that are not numbers are gaps', () => {
  const series = loaded([[1, 0, 4]], 1);
  series.append(2, 2, 0, 'NaN');
  assert.deepEqual(series.values, [4, null]);
  assert.equal(series.latest(), 4);
});

test('long series keep their ends, their spikes and their order', () => {
  const series = loaded([], 0);
  for (let step = 1; step <= 10000; step++) series.append(step, step, 0, step === 1234 ? 99 : 1);
  assert.ok(series.steps.length <= 3000);
  assert.equal(series.steps[0], 1);
  assert.equal(series.steps.at(-1), 10000);
  assert.ok(series.values.includes(99));
  assert.ok(series.steps.every((step, i) => i === 0 || step > series.steps[i - 1]));
});

test('epochs are steps over the steps of an epoch, and unknown until those are', () => {
  const series = loaded([[50, 1, 4], [100, 2, 3]]);
  assert.deepEqual(series.xs('epoch', new Epochs({ epoch: 1, step: 50, length: null })), [1, 2]);
  assert.deepEqual(series.xs('epoch', undefined), []);
  assert.deepEqual(series.xs('time'), [1, 2]);
});

test('epochs of a fork go on from those of its parent, whatever their length', () => {
  const alike = new Epochs({ epoch: 11, step: 66, length: null });
  assert.deepEqual([alike.of(60), alike.of(66), alike.endOf(12)], [10, 11, 72]);
  const shorter = new Epochs({ epoch: 11, step: 63, length: 3 });
  assert.deepEqual([shorter.of(60), shorter.of(63), shorter.endOf(12)], [10, 11, 66]);
});

test('an epoch that ends right after another tells how long they are', () => {
  const first = new Epochs({ epoch: 11, step: 63 });
  assert.equal(first.of(63), 11);
  const second = first.next({ epoch: 12, step: 66 });
  assert.deepEqual([second.of(60), second.of(66)], [10, 12]);
  const again = second.next({ epoch: 12, step: 66 }); // reported by a resumed attempt
  assert.deepEqual([again.of(60), again.of(66)], [10, 12]);
  const later = again.next({ epoch: 15, step: 75 });
  assert.deepEqual([later.of(60), later.of(75)], [10, 15]);
});

test('nearest finds the closest of rising positions', () => {
  assert.equal(nearest([1, 4, 9], 6), 1);
  assert.equal(nearest([1, 4, 9], 7), 2);
  assert.equal(nearest([1, 4, 9], 100), 2);
  assert.equal(nearest([], 1), -1);
});

test('points are isolated that no line leads to or from', () => {
  assert.deepEqual(isolated([]), []);
  assert.deepEqual(isolated([0]), [0]);
  assert.deepEqual(isolated([1, 2]), []);
  assert.deepEqual(isolated([null, 1, null, 2, 3, null, 4]), [1, 6]);
});
