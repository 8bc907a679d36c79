// Panels of points: one axis against another. A drag over a panel filters by both.

import { drawSurface } from './surface.js';

const GAP = 26;
const LEFT = 62;
const BOTTOM = 40;
const TOP = 26; // the vertical axis's title stands above the frame
const REACH = 10;
const MANY = 1000; // from here on points are small and have no edge
const LEAST = 230; // width of a panel before a further row begins

export class Scatter {
  /**
   * @param {object} stage what both kinds of pictures stand on, see relations.js
   * @param {[number, number][]} pairs positions of the horizontal and the vertical axis of each panel
   */
  constructor(stage, pairs) {
    this.stage = stage;
    this.pairs = pairs;
  }

  /** Height that the panels want at a width. */
  static heightFor(width, panels) {
    const columns = Math.max(1, Math.min(panels, Math.floor(width / (LEAST + LEFT))));
    return panels === 1 ? 420 : Math.ceil(panels / columns) * 250;
  }

  panels() {
    const { width, height, data } = this.stage;
    const columns = Math.max(1, Math.min(this.pairs.length, Math.floor(width / (LEAST + LEFT))));
    const rows = Math.ceil(this.pairs.length / columns);
    return this.pairs.map(([x, y], i) => {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      const [cellWidth, cellHeight] = [width / columns, height / rows];
      return {
        x: data.axes[x],
        y: data.axes[y],
        left: column * cellWidth + LEFT,
        top: row * cellHeight + TOP,
        width: cellWidth - LEFT - GAP,
        height: cellHeight - TOP - BOTTOM,
      };
    });
  }

  /** Draws surface and points piece by piece, as many points to a piece as are given. */
  *marks(context, piece) {
    for (const [i, panel] of this.panels().entries()) {
      if (this.stage.surface && i === 0) drawSurface(context, this.stage, panel, this.stage.surface);
      yield;
      yield* this.points(context, panel, piece);
    }
  }

  /** Draws what lies above: the point that is pointed at, frames, ranges. */
  overlay() {
    const { context, colors, colorOf, hovered } = this.stage;
    this.panels().forEach((panel, i) => {
      this.drawFrame(panel);
      const look = { color: colorOf, alpha: 1, size: this.radius + 3, edge: colors.text };
      if (hovered !== null) this.dot(context, panel, hovered, look);
      this.drawRange(panel, i);
    });
  }

  get radius() {
    return this.stage.data.ids.length > MANY ? 2.5 : 4;
  }

  drawFrame({ x, y, left, top, width, height }) {
    const { context, colors } = this.stage;
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.strokeRect(left - 6.5, top - 6.5, width + 13, height + 13);
    context.font = colors.font;
    context.fillStyle = colors.muted;
    context.textAlign = 'center';
    for (const { place, text } of x.ticks(Math.max(3, width / 90))) {
      context.fillText(text, left + place * width, top + height + 21);
      context.fillRect(left + place * width, top + height + 6, 1, 4);
    }
    context.textAlign = 'right';
    for (const { place, text } of y.ticks(Math.max(3, height / 50))) {
      context.fillText(text, left - 13, top + (1 - place) * height + 4, LEFT - 16);
      context.fillRect(left - 10, top + (1 - place) * height, 4, 1);
    }
    context.font = colors.bold;
    context.fillStyle = colors.text;
    context.textAlign = 'center';
    context.fillText(x.title, left + width / 2, top + height + 36, width);
    context.textAlign = 'left';
    context.fillText(y.title, left - 6, top - 13, width);
  }

  *points(context, panel, piece) {
    const { data, isShown, isChosen, colorOf, colors } = this.stage;
    const anyChosen = data.ids.some((_, i) => isChosen(i));
    const stands = (i) => isShown(i) && (!anyChosen || isChosen(i));
    const edge = data.ids.length > MANY ? null : colors.surface;
    const looks = [
      { which: (i) => !stands(i), color: () => colors.faint, alpha: 0.4, size: this.radius - 1, edge: null },
      { which: stands, color: colorOf, alpha: 0.9, size: this.radius, edge },
    ];
    for (const look of looks)
      for (let i = 0; i < data.ids.length; i++) {
        if (look.which(i)) this.dot(context, panel, i, look);
        if (i % piece === piece - 1) yield;
      }
  }

  dot(context, panel, i, { color, alpha, size, edge }) {
    const at = this.spot(panel, i);
    if (!at) return;
    context.globalAlpha = alpha;
    context.beginPath();
    context.arc(...at, size, 0, 2 * Math.PI);
    context.fillStyle = color(i);
    context.fill();
    if (edge) {
      context.strokeStyle = edge;
      context.lineWidth = 1;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  drawRange(panel, i) {
    const { context, colors, ranges } = this.stage;
    const across = this.dragged?.panel === i ? [this.dragged.x, this.dragged.toX] : ranges[panel.x.key] && panel.x.placesOf(ranges[panel.x.key]);
    const up = this.dragged?.panel === i ? [this.dragged.y, this.dragged.toY] : ranges[panel.y.key] && panel.y.placesOf(ranges[panel.y.key]);
    if (!across && !up) return;
    const [a, b] = across ?? [0, 1];
    const [c, d] = up ?? [0, 1];
    const box = [
      panel.left + Math.min(a, b) * panel.width,
      panel.top + (1 - Math.max(c, d)) * panel.height,
      Math.abs(b - a) * panel.width,
      Math.abs(d - c) * panel.height,
    ];
    context.strokeStyle = context.fillStyle = colors.accent;
    context.globalAlpha = 0.12;
    context.fillRect(...box);
    context.globalAlpha = 1;
    context.strokeRect(...box);
  }

  spot({ x, y, left, top, width, height }, i) {
    const [across, up] = [x.placeOf(i), y.placeOf(i)];
    return across === null || up === null ? null : [left + across * width, top + (1 - up) * height];
  }

  panelAt(x, y) {
    return this.panels().findIndex((p) => x >= p.left - 7 && x <= p.left + p.width + 7 && y >= p.top - 7 && y <= p.top + p.height + 7);
  }

  at(x, y) {
    const panel = this.panels()[this.panelAt(x, y)];
    if (!panel) return null;
    let [best, distance] = [null, REACH];
    for (let i = 0; i < this.stage.data.ids.length; i++) {
      const spot = this.stage.isShown(i) && this.spot(panel, i);
      const away = spot ? Math.hypot(spot[0] - x, spot[1] - y) : Infinity;
      if (away < distance) [best, distance] = [i, away];
    }
    return best;
  }

  press(x, y) {
    const panel = this.panelAt(x, y);
    if (panel < 0) return false;
    const [across, up] = this.places(panel, x, y);
    this.dragged = { panel, x: across, y: up, toX: across, toY: up };
    return true;
  }

  drag(x, y) {
    [this.dragged.toX, this.dragged.toY] = this.places(this.dragged.panel, x, y);
  }

  release() {
    const { panel, x, y, toX, toY } = this.dragged;
    const { x: across, y: up, width, height } = this.panels()[panel];
    this.dragged = null;
    const small = Math.abs(x - toX) * width < 4 && Math.abs(y - toY) * height < 4;
    return {
      [across.key]: small ? null : across.rangeBetween(x, toX),
      [up.key]: small ? null : up.rangeBetween(y, toY),
    };
  }

  places(panel, x, y) {
    const { left, top, width, height } = this.panels()[panel];
    const clamp = (place) => Math.min(1, Math.max(0, place));
    return [clamp((x - left) / width), clamp(1 - (y - top) / height)];
  }

  cursorAt(x, y) {
    return this.panelAt(x, y) < 0 ? 'default' : 'crosshair';
  }
}
