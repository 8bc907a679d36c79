// Draws what changed: at most six times a second for each chart, one chart per frame, and only what can be seen.

const INTERVAL = 160; // milliseconds between two drawings of a chart

const waiting = new Set();
let frame = 0;
let timer = 0;

/** Asks for a drawing of { draw(), visible, lastDrawn }. */
export function requestDraw(drawable) {
  waiting.add(drawable);
  plan(0);
}

/** Forgets a drawable. */
export function cancelDraw(drawable) {
  waiting.delete(drawable);
}

function plan(delay) {
  if (frame || timer || document.hidden) return;
  if (delay > 0) timer = setTimeout(() => ((timer = 0), plan(0)), delay);
  else frame = requestAnimationFrame(step);
}

function step(now) {
  frame = 0;
  let next = Infinity;
  for (const drawable of waiting) {
    if (!drawable.visible) continue; // asks again when it comes into view
    const due = drawable.lastDrawn + INTERVAL - now;
    if (due > 0) {
      next = Math.min(next, due);
      continue;
    }
    waiting.delete(drawable);
    drawable.lastDrawn = now;
    drawable.draw();
    next = 0;
    break;
  }
  if (waiting.size > 0 && next < Infinity) plan(next);
}

document.addEventListener('visibilitychange', () => plan(0));
