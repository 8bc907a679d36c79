#!/usr/bin/env node
// Benchmark "live": how long a metric takes from the training loop to the drawn curve, and how quickly the server
// answers while it trains. Starts a server of its own on a fresh data directory.
//
//   ./sqsnet bench live [--json] [--seconds 30] [--out bench/results/live.json]
//
// "ours" is the median of: time of drawing in the browser minus the event's own time, on the same clock.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser, median, origin, pause, quantile, startServer } from './stage.mjs';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '30' }, out: { type: 'string' } },
});
const seconds = Number(options.seconds);
const say = (text) => options.json || console.error(text);

const SPEC = {
  name: 'live benchmark',
  dataset: 'synthetic',
  model: { name: 'sqsnet-tiny' },
  training: { epochs: 1000, batchSize: 16, earlyStopping: null, tta: 1 },
  seeds: [0],
};

const data = mkdtempSync(join(tmpdir(), 'sqsnet-live-'));
const server = await startServer(data);
try {
  // The first requests compile code; they are nobody's latency.
  await healthOver(3);
  say('Answering while idle ...');
  const idle = await healthOver(seconds / 3);
  say('Starting to train ...');
  const { id } = await server.api('POST', '/api/sweeps', SPEC);
  const trial = await firstTrainingTrial(id);
  say('Answering and drawing while training ...');
  const [drawn, training] = await Promise.all([drawingsOver(trial, seconds), healthOver(seconds)]);
  const result = {
    name: 'live',
    ours: median(drawn),
    peer: null,
    ratio: null,
    unit: 'milliseconds from metric to curve, median',
    p95: quantile(drawn, 0.95),
    drawings: drawn.length,
    health: {
      unit: 'milliseconds',
      idle: { p50: median(idle), p99: quantile(idle, 0.99), requests: idle.length },
      training: { p50: median(training), p99: quantile(training, 0.99), requests: training.length },
    },
    ...origin(),
  };
  const text = JSON.stringify(result, null, 2);
  if (options.out) writeFileSync(options.out, `${text}\n`);
  console.log(text);
} finally {
  server.process.kill('SIGTERM');
  await server.ended;
  rmSync(data, { recursive: true, force: true });
}

/** Waits until a trial of the sweep has reported its tenth step: the dataset is drawn, the model is warm. */
async function firstTrainingTrial(sweep) {
  for (;;) {
    const [trial] = await server.api('GET', `/api/sweeps/${sweep}/trials`);
    if (trial?.step >= 10) return trial.id;
    if (trial?.state === 'failed') throw new Error(`The trial failed: ${trial.message}`);
    await pause(250);
  }
}

/** Milliseconds of answers to /health, asked 50 times a second. */
async function healthOver(duration) {
  const times = [];
  const end = performance.now() + duration * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    await (await fetch(`${server.url}/health`)).text();
    const took = performance.now() - start;
    times.push(took);
    await pause(Math.max(0, 20 - took));
  }
  return times;
}

/** Milliseconds from metric to curve, of everything that the trial's page draws. */
async function drawingsOver(trial, duration) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.addInitScript(() => {
      window.latencies = [];
      document.addEventListener('chartdrawn', ({ detail }) => latencies.push(Date.now() - Date.parse(detail.at)));
    });
    await page.goto(`${server.url}/login?t=${server.token}&returnUrl=/trials/${trial}`);
    await page.waitForSelector('.line-chart-host[data-ready]', { timeout: 60_000 });
    await page.waitForFunction(() => latencies.length > 3, null, { timeout: 60_000 });
    await page.evaluate(() => (latencies.length = 0));
    await pause(duration * 1000);
    return await page.evaluate(() => latencies);
  } finally {
    await browser.close();
  }
}
