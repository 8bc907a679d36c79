// The page's one connection to the hub of events. Everyone who follows trials shares it.
//
// A follower has a cursor per trial: the last sequence number that it has. The stream is asked for from the least
// cursor of all followers on, and each follower is handed only what lies after its own, so nothing is lost or doubled
// when followers come and go, the connection breaks or the server restarts.

const RETRY_FIRST = 250; // milliseconds
const RETRY_MOST = 5000;

const followers = new Set();
const watchers = new Set();
let connection = null;
let stream = null;
let state = 'idle';
let failures = 0;
let timer = 0;

/**
 * Follows trials.
 * @param {Map<number, number>} cursors last known sequence number by trial
 * @param {(event: object) => void} onEvent called with each event in order, once
 * @returns {{ stop(): void }}
 */
export function follow(cursors, onEvent) {
  const follower = { cursors: new Map(cursors), onEvent };
  followers.add(follower);
  subscribeSoon();
  return {
    stop() {
      followers.delete(follower);
      subscribeSoon();
    },
  };
}

/** Shows the connection's state in an element, as words and as the attribute data-state. */
export function showStatus(element) {
  const words = {
    idle: '',
    connecting: 'Connecting …',
    live: 'Live',
    reconnecting: 'Reconnecting …',
    signedOut: 'Logged out: open the login link again',
  };
  const watcher = (now) => {
    element.dataset.state = now;
    element.textContent = words[now];
  };
  watchers.add(watcher);
  watcher(state);
  return { dispose: () => watchers.delete(watcher) };
}

/** The connection's state: idle, connecting, live, reconnecting or signedOut. */
export function currentState() {
  return state;
}

function setState(next) {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher(next);
}

let planned = false;

// Charts of a page come and go together: one new subscription for all of them.
function subscribeSoon() {
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    if (followers.size === 0) return close();
    if (connection?.state === 'Connected') subscribe();
    else if (connection === null && timer === 0) connect();
  }, 20);
}

async function connect() {
  timer = 0;
  if (followers.size === 0) return;
  setState(failures === 0 ? 'connecting' : 'reconnecting');
  const hub = new signalR.HubConnectionBuilder()
    .withUrl('/hubs/live')
    .withServerTimeout(15000)
    .configureLogging(signalR.LogLevel.None)
    .build();
  connection = hub;
  // SignalR's own reconnection gives up after a shutdown of the server; this loop does not.
  hub.onclose(() => {
    if (connection === hub) retry();
  });
  try {
    await hub.start();
  } catch (error) {
    if (connection === hub) retry(isUnauthorized(error));
    return;
  }
  if (connection !== hub) return void hub.stop();
  failures = 0;
  setState('live');
  subscribe();
}

function isUnauthorized(error) {
  return error?.statusCode === 401 || /\b401\b/.test(error?.message ?? '');
}

function retry(unauthorized = false) {
  connection = null;
  stream = null;
  if (followers.size === 0) return setState('idle');
  setState(unauthorized ? 'signedOut' : 'reconnecting');
  const pause = unauthorized ? RETRY_MOST : Math.min(RETRY_MOST, RETRY_FIRST * 2 ** failures);
  failures = Math.min(failures + 1, 10);
  // Half of the pause is chance, so that many pages do not come back in the same moment.
  timer = setTimeout(connect, pause * (0.5 + Math.random() / 2));
}

function close() {
  clearTimeout(timer);
  timer = 0;
  failures = 0;
  stream = null;
  const hub = connection;
  connection = null;
  hub?.stop();
  setState('idle');
}

function subscribe() {
  stream?.dispose();
  const least = new Map();
  for (const { cursors } of followers)
    for (const [trial, seq] of cursors) least.set(trial, Math.min(seq, least.get(trial) ?? seq));
  const mine = {};
  stream = connection
    .stream('Subscribe', [...least.keys()], [...least.values()])
    .subscribe({
      next: (event) => {
        if (stream?.mine === mine) dispatch(event);
      },
      // The server ends a stream only with the connection; whatever the reason, ask again.
      complete: () => resubscribe(mine),
      error: () => resubscribe(mine),
    });
  stream.mine = mine;
}

function resubscribe(mine) {
  if (stream?.mine !== mine) return;
  stream = null;
  setTimeout(() => stream === null && connection?.state === 'Connected' && subscribe(), RETRY_FIRST);
}

function dispatch(event) {
  for (const follower of followers) {
    const known = follower.cursors.get(event.trial);
    if (known === undefined || event.seq <= known) continue;
    follower.cursors.set(event.trial, event.seq);
    follower.onEvent(event);
  }
}

window.addEventListener('online', () => {
  if (timer === 0) return;
  clearTimeout(timer);
  connect();
});
