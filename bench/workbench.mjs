#!/usr/bin/env node
// Benchmark "workbench": the page of a sweep with 5,000 trials, in a browser. Makes the store, starts a server on it.
//
//   ./sqsnet bench workbench [--json] [--trials 5000] [--curves 50] [--steps 10000] [--data FOLDER] [--out FILE]
//
// "ours" is the median time from asking for the page to its table being usable.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { built, launchBrowser, median, origin, pause, quantile, startServer } from './stage.mjs';

const REPEATS = 9;
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    trials: { type: 'string', default: '5000' },
    curves: { type: 'string', default: '50' },
    steps: { type: 'string', default: '10000' },
    data: { type: 'string' },
    out: { type: 'string' },
  },
});
const say = (text) => options.json || console.error(text);
const data = options.data ?? mkdtempSync(join(tmpdir(), 'sqsnet-workbench-'));
if (!existsSync(join(data, 'sqsnet.db'))) {
  say('Making the store ...');
  const program = built('tests/SqsNet.Benchmarks/bin/SqsNet.Benchmarks.dll');
  execFileSync('dotnet', [program, 'bigstore', data, options.trials, options.curves, options.steps], { stdio: 'ignore' });
}

const server = await startServer(data);
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) longTasks.push(Math.round(task.duration));
    }).observe({ type: 'longtask', buffered: true });
  });
  const weights = [];
  page.on('requestfinished', async (request) => weights.push((await request.sizes()).responseBodySize)); // as it came, compressed
  await page.goto(`${server.url}/login?t=${server.token}&returnUrl=/`);
  await page.waitForLoadState('networkidle');

  say('Opening the page ...');
  const opened = [];
  let firstWeight = 0;
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await page.goto(`${server.url}/sweeps/1?lines=best`);
    await usable();
    opened.push(performance.now() - start);
    await page.waitForLoadState('networkidle'); // a person leaves a page that is done, not one that still draws
    if (i === 0) firstWeight = weights.reduce((sum, bytes) => sum + bytes, 0); // of the list of sweeps, too, where one lands
  }
  const opening = await page.evaluate(() => longTasks.splice(0));

  say('Coming from the list of sweeps ...');
  const entered = [];
  for (let i = 0; i < REPEATS; i++) {
    await page.goto(server.url);
    await page.waitForSelector('.live-status[data-state]', { state: 'attached' });
    await page.waitForLoadState('networkidle');
    entered.push(await entering());
  }
  await page.goto(`${server.url}/sweeps/1?lines=best`);
  await usable();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => longTasks.splice(0));

  say('Filtering and sorting ...');
  const filtered = [];
  const sorted = [];
  for (let i = 0; i < REPEATS; i++) {
    filtered.push(await timed(() => page.fill('#where', `tau<=${1 + i / 10}`), 'count'));
    filtered.push(await timed(() => page.fill('#where', ''), 'count'));
    await pause(1000); // until the pictures have followed the filter
    const key = ['seed', 'best:val/accuracy', 'sqs.tau'][i % 3];
    sorted.push(await timed(() => page.click(`[id="sort-${key}"]`), 'order'));
  }
  const table = await page.evaluate(() => longTasks.splice(0));

  say('Scrolling ...');
  await page.evaluate(async () => {
    const frame = document.querySelector('.trial-scroll');
    for (let i = 0; i < 60; i++) {
      frame.scrollTop += 2000;
      await new Promise(requestAnimationFrame);
    }
  });
  await pause(1000);
  const scrolling = await page.evaluate(() => longTasks.splice(0));

  say('Drawing relations ...');
  const drawn = {};
  const tasks = [];
  for (const kind of ['parallel', 'scatter']) {
    await page.goto(`${server.url}/sweeps/1?lines=best&rel=${kind}`);
    await usable();
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => longTasks.splice(0));
    await page.locator('.relations-host').scrollIntoViewIfNeeded();
    await page.waitForSelector('.relations-host[data-ready]');
    drawn[kind] = await page.evaluate(async () => {
      const { relations } = document.querySelector('.relations-host');
      const times = [];
      for (let i = 0; i < 9; i++) {
        const [begin, before] = [performance.now(), relations.marks];
        relations.redraw();
        while (relations.marks === before) await new Promise(requestAnimationFrame);
        times.push(performance.now() - begin);
      }
      return times;
    });
    await pause(500);
    tasks.push(...(await page.evaluate(() => longTasks.splice(0))));
  }

  say('Reading 50 curves ...');
  const ids = Array.from({ length: 50 }, (_, i) => i + 1).join(',');
  const curves = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    const read = await server.api('GET', `/api/series?trials=${ids}&metric=train/loss`);
    curves.push(performance.now() - start);
    if (!read.every((series) => series.points.length > 0)) throw new Error('A curve is empty.');
  }

  const result = {
    name: 'workbench',
    ours: median(opened),
    peer: null,
    ratio: null,
    unit: `milliseconds until the page of a sweep with ${options.trials} trials is usable, median of ${REPEATS}`,
    details: {
      'slowest opening': quantile(opened, 1),
      'ms from a click in the list of sweeps to its rows': median(entered),
      'kilobytes of a first visit': Math.round(firstWeight / 1024),
      'ms from a change of the filter to its rows, one after the other': median(filtered),
      'ms from a click on a heading of a quiet page to its rows': median(sorted),
      'ms to answer with 50 curves': median(curves),
      'longest task while drawing relations, ms': Math.max(0, ...tasks),
      'ms until parallel coordinates are drawn': median(drawn.parallel),
      'ms until a scatter is drawn': median(drawn.scatter),
      'longest task while opening, ms': Math.max(0, ...opening),
      'longest task while filtering and sorting, ms': Math.max(0, ...table),
      'longest task while scrolling, ms': Math.max(0, ...scrolling),
    },
    ...origin(),
  };
  const text = JSON.stringify(result, null, 2);
  if (options.out) writeFileSync(options.out, `${text}\n`);
  console.log(text);

  /** Waits until the table is there and the page obeys. */
  async function usable() {
    await page.waitForSelector('.trial-table tbody a');
    await page.waitForSelector('.live-status[data-state]', { state: 'attached' });
  }

  /** Milliseconds from a click in the list of sweeps until the trials of the sweep stand there. */
  async function entering() {
    const there = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener(
            'click',
            ({ timeStamp }) => {
              const look = () =>
                document.querySelector('.trial-table tbody a')
                  ? resolve(performance.now() - timeStamp)
                  : requestAnimationFrame(look);
              look();
            },
            { capture: true, once: true },
          );
        }),
    );
    await page.click('a[href="/sweeps/1"]');
    return there;
  }

  /** Milliseconds from the event of an action until the table's counter ("count") or its first rows ("order") are others than before. */
  async function timed(action, what) {
    const changed = page.evaluate((what) => {
      const read = () =>
        what === 'count'
          ? document.querySelector('.trial-table [role=status]').textContent
          : [...document.querySelectorAll('.trial-table tbody a[title^="#"]')].slice(0, 5).map((a) => a.textContent).join();
      const old = read();
      return new Promise((resolve) => {
        const begin = ({ timeStamp }) => {
          const look = () => (read() === old ? requestAnimationFrame(look) : resolve(performance.now() - timeStamp));
          look();
        };
        document.addEventListener(what === 'count' ? 'input' : 'click', begin, { capture: true, once: true });
      });
    }, what);
    await action();
    return changed;
  }
} finally {
  await browser.close();
  server.process.kill('SIGTERM');
  await server.ended;
  if (!options.data) rmSync(data, { recursive: true, force: true });
}
