// Pictures of many trials: parallel coordinates, scatter, slices, an expected surface. What is brushed becomes a filter.

import { save } from './chartFiles.js';
import { gradientOf, scaleOf } from './colorScales.js';
import { cancelDraw, requestDraw } from './drawLoop.js';
import { Parallel } from './parallel.js';
import { Scatter } from './scatter.js';
import { TrialAxis } from './trialAxis.js';

const PARALLEL_HEIGHT = 360;
const PIECE = 100; // lines or points between two looks at the clock
const SOON = 300; // milliseconds from a change to its drawing: letters that are typed come faster
const FRAME = 8; // milliseconds of a frame that drawing may take

/**
 * Makes the picture inside an element, which it owns from then on.
 * @param {HTMLElement} host
 * @param {object} owner a .NET object that is told what was brushed and chosen
 * @param {object} options see Relations.razor.cs
 */
export function create(host, owner, options) {
  return new Relations(host, owner, options);
}

class Relations {
  constructor(host, owner, options) {
    this.host = host;
    this.owner = owner;
    host.relations = this; // for a look inside, as with charts
    this.visible = false;
    this.lastDrawn = 0;
    this.hovered = null;
    this.asked = ''; // the data that are drawn or on their way
    this.expected = { of: '', surface: null }; // the last surface
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    this.tip = document.createElement('div');
    this.tip.className = 'relations-tip';
    this.tip.hidden = true;
    this.key = document.createElement('div');
    this.key.className = 'relations-key';
    this.note = document.createElement('p');
    this.note.className = 'sq-muted sq-small';
    this.note.setAttribute('role', 'status');
    host.replaceChildren(this.key, this.canvas, this.tip, this.note);
    this.canvas.addEventListener('pointerdown', (event) => this.press(event));
    this.canvas.addEventListener('pointermove', (event) => this.move(event));
    this.canvas.addEventListener('pointerup', (event) => this.release(event));
    this.canvas.addEventListener('pointerleave', () => this.point(null));
    this.intersection = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible) this.refresh();
    });
    this.intersection.observe(host);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(host);
    this.theme = new MutationObserver(() => setTimeout(() => this.redraw(), 250));
    this.theme.observe(document.head, { subtree: true, attributes: true, attributeFilter: ['href'] });
    this.update(options);
  }

  /** Shows it in another way, or other trials. */
  update(options) {
    this.options = options;
    this.shown = options.shown === null ? null : numbersOf(options.shown);
    this.chosen = numbersOf(options.chosen ?? '');
    this.canvas.setAttribute('aria-label', options.label);
    // The table's rows come first, and the next letter of a filter before a picture of the last one.
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.visible && this.refresh(), SOON);
  }

  /** Reads what is not yet here, then draws. */
  async refresh() {
    const { address, surface, version, ended } = this.options;
    const asked = `${address} ${surface ?? ''} ${version}`;
    if (asked === this.asked) return this.redraw();
    this.asked = asked;
    try {
      // A surface is fitted anew when a trial has ended, not at each epoch.
      const of = `${surface} ${ended}`;
      const expecting = surface && of !== this.expected.of ? fetchJson(surface) : this.expected.surface;
      const [data, expected] = await Promise.all([fetchJson(address), surface ? expecting : null]);
      if (asked !== this.asked) return;
      data.axes = data.axes.map((axis) => new TrialAxis(axis));
      [this.data, this.expected] = [data, { of, surface: expected }];
      this.hovered = null;
      this.note.textContent = (expected ? this.options.note : this.options.tooFew) ?? '';
    } catch (error) {
      if (asked === this.asked) [this.asked, this.note.textContent] = ['', `The trials could not be read: ${error.message}`];
      return;
    }
    this.fit();
  }

  fit() {
    const width = this.host.clientWidth;
    if (!this.data || !width) return; // a page that is being left has no width
    this.view = this.makeView(width);
    const height = this.options.kind === 'parallel' ? PARALLEL_HEIGHT : Scatter.heightFor(width, this.view.pairs.length);
    const ratio = devicePixelRatio;
    [this.canvas.width, this.canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    this.canvas.style.height = `${height}px`;
    Object.assign(this.view.stage, { width, height });
    this.prepare(); // at once: the pointer may ask for a trial before anything is drawn
    this.redraw();
  }

  makeView() {
    const { kind, axes, pairs, tint } = this.options;
    const stage = { context: this.canvas.getContext('2d'), surface: this.expected.surface };
    // The colour's axis comes last and is not drawn unless it is one of the chosen.
    const all = this.data.axes;
    const at = (key) => all.findIndex((axis) => axis.key === key);
    this.tint = all[at(tint)] ?? null;
    stage.data = { ...this.data, axes: axes.map(at).filter((i) => i >= 0).map((i) => all[i]) };
    const place = (key) => stage.data.axes.findIndex((axis) => axis.key === key);
    return kind === 'parallel'
      ? new Parallel(stage)
      : new Scatter(stage, pairs.map(([x, y]) => [place(x), place(y)]).filter(([x, y]) => x >= 0 && y >= 0));
  }

  /** Lets the trials be drawn anew; what only lies above them, such as a brush, needs no more than requestDraw. */
  redraw() {
    this.stale = true;
    requestDraw(this);
  }

  draw() {
    if (!this.view || !this.canvas.height) return; // slices of nothing have no height
    this.prepare();
    if (this.stale) this.drawMarks();
    const { stage } = this.view;
    const { context } = stage;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    // Trials of another size or kind of picture are not stretched under the new axes.
    if (this.marks?.view === this.view) context.drawImage(this.marks.canvas, 0, 0);
    context.scale(devicePixelRatio, devicePixelRatio);
    this.view.overlay();
    this.writeKey();
  }

  /**
   * Draws the trials on a canvas behind the scenes, some milliseconds of each frame, and shows it when it is done: thousands
   * of lines take longer than a page may stand still.
   */
  drawMarks() {
    this.stale = false;
    cancelAnimationFrame(this.frame);
    const canvas = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.scale(devicePixelRatio, devicePixelRatio);
    const view = this.view;
    const pieces = view.marks(context, PIECE);
    const step = () => {
      const end = performance.now() + FRAME;
      for (let done = false; !done && performance.now() < end; ) {
        done = pieces.next().done;
        context.getImageData(0, 0, 1, 1); // commands are only noted until somebody looks
        if (!done) continue;
        this.marks = { canvas, view };
        this.host.dataset.ready = 'true';
        return requestDraw(this);
      }
      this.frame = requestAnimationFrame(step);
    };
    step();
  }

  /** Hands the view what it draws with. */
  prepare() {
    const style = getComputedStyle(this.host);
    const token = (name) => style.getPropertyValue(name).trim();
    const scale = scaleOf('s');
    const { numbers } = this.data;
    const { stage } = this.view;
    stage.colors = {
      text: token('--sq-text'),
      muted: token('--sq-muted'),
      faint: token('--sq-border-strong'),
      line: token('--sq-border'),
      surface: token('--sq-surface'),
      accent: token('--sq-accent'),
      font: `11px ${style.fontFamily}`,
      bold: `600 12px ${style.fontFamily}`,
    };
    stage.ranges = this.options.ranges;
    stage.tint = this.tint;
    stage.hovered = this.hovered;
    stage.isShown = (i) => this.shown === null || this.shown.has(numbers[i]);
    stage.isChosen = (i) => this.chosen.has(numbers[i]);
    stage.colorOf = (i) => {
      const place = this.tint?.placeOf(i) ?? null;
      return place === null ? stage.colors.faint : `rgb(${scale(place).join(' ')})`;
    };
  }

  /** Says what the colours mean. */
  writeKey() {
    if (!this.tint) return this.key.replaceChildren();
    const bar = document.createElement('span');
    bar.className = 'relations-bar';
    bar.style.background = gradientOf('s');
    const end = this.tint.scale === 'words' ? [0, this.tint.words.length - 1] : [this.tint.low, this.tint.high];
    this.key.replaceChildren(`${this.tint.title}: ${this.tint.write(end[0])}`, bar, this.tint.write(end[1]));
  }

  press(event) {
    const [x, y] = this.spot(event);
    this.pressed = { x, y, drags: this.view?.press(x, y) ?? false };
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.view) return;
    const [x, y] = this.spot(event);
    if (this.pressed?.drags) {
      this.view.drag(x, y);
      requestDraw(this);
      return;
    }
    this.canvas.style.cursor = this.view.cursorAt(x, y);
    this.point(this.view.at(x, y), x, y);
  }

  async release(event) {
    if (!this.pressed) return;
    const [x, y] = this.spot(event);
    const moved = Math.hypot(x - this.pressed.x, y - this.pressed.y) >= 4;
    const ranges = this.pressed.drags ? this.view.release() : null;
    this.pressed = null;
    requestDraw(this);
    const on = moved ? null : this.view.at(x, y);
    if (on !== null) await this.owner.invokeMethodAsync('Choose', this.data.numbers[on]);
    else if (ranges) await this.owner.invokeMethodAsync('Brush', ranges);
  }

  point(index, x, y) {
    if (index !== this.hovered) requestDraw(this);
    this.hovered = index;
    this.tip.hidden = index === null;
    if (index === null) return;
    const { numbers, axes } = this.data;
    const title = document.createElement('strong');
    title.textContent = `Trial ${numbers[index]}`;
    const lines = axes.map((axis) => {
      const line = document.createElement('div');
      line.textContent = `${axis.title}: ${axis.write(axis.values[index])}`;
      return line;
    });
    this.tip.replaceChildren(title, ...lines);
    const right = x > this.host.clientWidth / 2;
    this.tip.style.left = right ? '' : `${x + 14}px`;
    this.tip.style.right = right ? `${this.host.clientWidth - x + 14}px` : '';
    this.tip.style.top = `${this.canvas.offsetTop + Math.max(0, y - 20)}px`;
  }

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** Hands the picture to the person, on the page's own ground. */
  export(name) {
    const copy = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const context = copy.getContext('2d');
    context.fillStyle = this.view.stage.colors.surface;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(this.canvas, 0, 0);
    return copy.convertToBlob({ type: 'image/png' }).then((blob) => save(blob, name, 'image/png'));
  }

  dispose() {
    cancelDraw(this);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.soon);
    this.intersection.disconnect();
    this.resize.disconnect();
    this.theme.disconnect();
  }
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.json().catch(() => null))?.title ?? ''}`.trim());
  return answer.json();
}

/** Numbers as they stand in an address: "0-4,9". */
function numbersOf(text) {
  const numbers = new Set();
  for (const part of text.split(',').filter(Boolean)) {
    const [low, high = low] = part.split('-').map(Number);
    for (let number = low; number <= high; number++) numbers.add(number);
  }
  return numbers;
}
