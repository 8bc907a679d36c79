// What the benchmarks of the pages share: a server of their own, a browser, and how times are summed up.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(here);

/** The newest build of a program. */
export function built(path) {
  const builds = ['Release', 'Debug'].map((kind) => join(root, path.replace('bin/', `bin/${kind}/net10.0/`)));
  const [newest] = builds.filter(existsSync).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!newest) throw new Error(`${path} is not built: run ./sqsnet serve once.`);
  return newest;
}

/** Starts a server on a data directory and a free port. */
export function startServer(data) {
  const program = built('SqsNet.Web/bin/SqsNet.Web.dll');
  const process = spawn('dotnet', [program, '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => process.on('exit', resolve));
  return new Promise((resolve, reject) => {
    let output = '';
    process.stdout.on('data', (chunk) => {
      output += chunk;
      const [, url, token] = /Now listening on (http:\/\/[^/]+)\/login\?t=(\S+)/.exec(output) ?? [];
      if (url) resolve({ process, ended, url, token, api: (...request) => api(url, token, ...request) });
    });
    ended.then((code) => reject(new Error(`The server ended with code ${code}.`)));
  });
}

async function api(url, token, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Debian's Chromium; the driver is installed when it is missing. */
export async function launchBrowser() {
  if (!existsSync(join(here, 'node_modules')))
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here, stdio: 'inherit' });
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

/** What a result says of where it was measured. */
export function origin() {
  return {
    machine: `${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    at: new Date().toISOString(),
  };
}

export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]) / 10;
}

export function median(values) {
  return quantile(values, 0.5);
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
