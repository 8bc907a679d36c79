// Parallel coordinates: an axis for each column, a line for each trial. A drag along an axis filters by it.

const TOP = 44;
const BOTTOM = 30;
const SIDE = 70;
const NEAR = 16; // pixels beside an axis that belong to it
const REACH = 8; // pixels to a line that is pointed at

export class Parallel {
  constructor(stage) {
    this.stage = stage; // see relations.js
  }

  get axes() {
    return this.stage.data.axes;
  }

  x(axis) {
    const { width } = this.stage;
    return this.axes.length > 1 ? SIDE + (axis * (width - 2 * SIDE)) / (this.axes.length - 1) : width / 2;
  }

  y(place) {
    return TOP + (1 - place) * (this.stage.height - TOP - BOTTOM);
  }

  placeAt(y) {
    return 1 - (y - TOP) / (this.stage.height - TOP - BOTTOM);
  }

  /** Where a trial crosses an axis; what has no value passes below. */
  crossing(axis, index) {
    const place = this.axes[axis].placeOf(index);
    return place === null ? this.stage.height - BOTTOM / 2 : this.y(place);
  }

  /** Draws the trials' lines piece by piece, as many to a piece as are given. */
  *marks(context, piece) {
    const { data, isShown, isChosen, colorOf, colors } = this.stage;
    const anyChosen = data.ids.some((_, i) => isChosen(i));
    const stands = (i) => isShown(i) && (!anyChosen || isChosen(i));
    // What does not pass lies below, faint; then what passes. Lines of one pixel are by far the quickest to draw.
    context.lineWidth = 1;
    yield* this.lines(context, (i) => !stands(i), () => colors.faint, 0.35, piece);
    const many = data.ids.filter((_, i) => stands(i)).length;
    context.lineWidth = many > 1000 ? 1 : anyChosen ? 2 : 1.4;
    yield* this.lines(context, stands, colorOf, Math.max(0.2, Math.min(0.9, 60 / many)), piece);
  }

  /** Draws what lies above the trials' lines: the one that is pointed at, axes, ranges. */
  overlay() {
    const { context, colors, hovered } = this.stage;
    if (hovered !== null) {
      context.lineWidth = 3;
      for (const _ of this.lines(context, (i) => i === hovered, () => colors.text, 1, 1));
    }
    this.axes.forEach((axis, a) => this.drawAxis(axis, a));
  }

  *lines(context, which, color, alpha, piece) {
    let drawn = 0;
    for (let i = 0; i < this.stage.data.ids.length; i++) {
      if (!which(i)) continue;
      context.globalAlpha = alpha;
      context.strokeStyle = color(i);
      context.beginPath();
      for (let a = 0; a < this.axes.length; a++) context.lineTo(this.x(a), this.crossing(a, i));
      context.stroke();
      context.globalAlpha = 1;
      drawn += 1;
      if (drawn % piece === 0) yield;
    }
  }

  drawAxis(axis, a) {
    const { context, colors, ranges } = this.stage;
    const x = this.x(a);
    context.strokeStyle = colors.text;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, this.y(1));
    context.lineTo(x, this.y(0));
    context.stroke();
    const range = this.dragged?.axis === a ? [this.dragged.from, this.dragged.to] : ranges[axis.key] && axis.placesOf(ranges[axis.key]);
    if (range) {
      const [low, high] = [Math.min(...range), Math.max(...range)];
      context.fillStyle = colors.accent;
      context.globalAlpha = 0.3;
      context.fillRect(x - 7, this.y(high), 14, this.y(low) - this.y(high));
      context.globalAlpha = 1;
      context.strokeStyle = colors.accent;
      context.strokeRect(x - 7, this.y(high), 14, this.y(low) - this.y(high));
    }
    context.textAlign = a === this.axes.length - 1 ? 'right' : 'left';
    const toward = a === this.axes.length - 1 ? -1 : 1;
    context.font = colors.font;
    for (const { place, text } of axis.ticks(6)) {
      const y = this.y(place);
      context.fillStyle = colors.surface; // words stay readable above lines
      const wide = context.measureText(text).width;
      context.globalAlpha = 0.75;
      context.fillRect(toward > 0 ? x + 5 : x - 7 - wide, y - 7, wide + 4, 14);
      context.globalAlpha = 1;
      context.fillStyle = colors.muted;
      context.fillText(text, x + toward * 7, y + 4);
      context.fillRect(x - 3, y, 6, 1);
    }
    context.textAlign = 'center';
    context.fillStyle = colors.text;
    context.font = colors.bold;
    const room = (this.stage.width - 2 * SIDE) / Math.max(1, this.axes.length - 1);
    context.fillText(axis.title, x, a % 2 === 1 && room < 150 ? 12 : 28, Math.max(90, room * 1.7));
    if (axis.values.includes(null)) {
      context.font = colors.font;
      context.fillStyle = colors.muted;
      context.fillText('none', x, this.stage.height - 4);
    }
  }

  /** The trial whose line passes nearest to a point; null for none near. */
  at(x, y) {
    if (this.axes.length < 2) return null;
    const gap = this.x(1) - this.x(0);
    const left = Math.min(this.axes.length - 2, Math.max(0, Math.floor((x - this.x(0)) / gap)));
    const along = (x - this.x(left)) / gap;
    if (along < 0 || along > 1) return null;
    let [best, distance] = [null, REACH];
    for (let i = 0; i < this.stage.data.ids.length; i++) {
      if (!this.stage.isShown(i)) continue;
      const [from, to] = [this.crossing(left, i), this.crossing(left + 1, i)];
      const slope = (to - from) / gap;
      const away = Math.abs(from + along * (to - from) - y) / Math.hypot(1, slope);
      if (away < distance) [best, distance] = [i, away];
    }
    return best;
  }

  axisAt(x) {
    const at = this.axes.findIndex((_, a) => Math.abs(this.x(a) - x) <= NEAR);
    return at < 0 ? null : at;
  }

  /** Begins a drag where there is an axis. */
  press(x, y) {
    const axis = this.axisAt(x);
    this.dragged = axis === null ? null : { axis, from: clamp(this.placeAt(y)), to: clamp(this.placeAt(y)) };
    return this.dragged !== null;
  }

  drag(_, y) {
    this.dragged.to = clamp(this.placeAt(y));
  }

  /** The ranges that the drag has made: { key: range, or null to take it away }. */
  release() {
    const { axis, from, to } = this.dragged;
    this.dragged = null;
    const small = Math.abs(from - to) * (this.stage.height - TOP - BOTTOM) < 4;
    return { [this.axes[axis].key]: small ? null : this.axes[axis].rangeBetween(from, to) };
  }

  cursorAt(x) {
    return this.axisAt(x) === null ? 'default' : 'ns-resize';
  }
}

function clamp(place) {
  return Math.min(1, Math.max(0, place));
}
