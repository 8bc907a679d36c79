// A chart as a file: the picture as SVG or PNG, the numbers as CSV.

const LEGEND_ROW = 16;

/** Every point of the lines that are shown. */
export function toCsv(lines) {
  const rows = lines.flatMap(({ name, series }) =>
    series.steps.map((step, i) => [name, series.trial, series.metric, step, series.seconds[i], series.values[i] ?? 'NaN']),
  );
  const text = (field) => (/[",\r\n]/.test(field) ? `"${String(field).replaceAll('"', '""')}"` : String(field));
  return ['line,trial,metric,step,seconds,value', ...rows.map((row) => row.map(text).join(','))].join('\r\n') + '\r\n';
}

/**
 * The plot as it is shown, drawn anew as lines and words.
 * @param {uPlot} plot
 * @param {{ title: string, strokes: object[], rows: { name: string, color: string }[] }} about
 */
export function toSvg(plot, { title, strokes, rows }) {
  const { offsetLeft: left, offsetTop: top, clientWidth: width, clientHeight: height } = plot.over;
  const style = getComputedStyle(plot.root);
  const [text, paper] = [style.color, getComputedStyle(document.body).backgroundColor];
  const x = (value) => left + plot.valToPos(value, 'x');
  const y = (value) => 24 + top + plot.valToPos(value, 'y');
  const round = (value) => Math.round(value * 100) / 100;
  const total = 24 + plot.height + 8 + rows.length * LEGEND_ROW;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${plot.width}" height="${total}" viewBox="0 0 ${plot.width} ${total}" font-family="sans-serif" font-size="12" fill="${text}">`,
    `<rect width="100%" height="100%" fill="${paper}"/>`,
    `<text x="${left}" y="16" font-weight="600">${escape(title)}</text>`,
    `<clipPath id="plot"><rect x="${left}" y="${24 + top}" width="${width}" height="${height}"/></clipPath>`,
  ];
  const [across, up] = plot.axes;
  ticks(across).forEach(([tick, words]) =>
    out.push(`<path d="M${round(x(tick))} ${24 + top}v${height}" stroke="#8884"/><text x="${round(x(tick))}" y="${40 + top + height}" text-anchor="middle">${escape(words)}</text>`),
  );
  ticks(up).forEach(([tick, words]) =>
    out.push(`<path d="M${left} ${round(y(tick))}h${width}" stroke="#8884"/><text x="${left - 8}" y="${round(y(tick)) + 4}" text-anchor="end">${escape(words)}</text>`),
  );
  out.push('<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">');
  strokes.forEach((stroke, i) => {
    const [xs, ys] = plot.data[i + 1];
    const path = segments(ys).map((part) => `M${part.map((k) => `${round(x(xs[k]))} ${round(y(ys[k]))}`).join('L')}`);
    if (stroke.bandFrom !== undefined) {
      const lows = plot.data[stroke.bandFrom + 1][1];
      const area = segments(ys).map((part) => {
        const back = part.toReversed().map((k) => `${round(x(xs[k]))} ${round(y(lows[k]))}`);
        return `M${part.map((k) => `${round(x(xs[k]))} ${round(y(ys[k]))}`).join('L')}L${back.join('L')}Z`;
      });
      out.push(`<path d="${area.join('')}" fill="${stroke.color}" fill-opacity="0.18"/>`);
    } else if (path.length > 0 && stroke.width > 0)
      out.push(`<path d="${path.join('')}" stroke="${stroke.color}" stroke-opacity="${stroke.alpha}" stroke-width="${stroke.width}" stroke-dasharray="${stroke.dash.join(' ')}"/>`);
  });
  out.push('</g>');
  rows.forEach(({ name, color }, i) => {
    const at = 24 + plot.height + 8 + i * LEGEND_ROW;
    out.push(`<path d="M${left} ${at}h18" stroke="${color}" stroke-width="3"/><text x="${left + 24}" y="${at + 4}">${escape(name)}</text>`);
  });
  return `${out.join('\n')}\n</svg>\n`;
}

/** An SVG as a PNG of twice its size. */
export async function toPng(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

/** Hands a file to the person. */
export function save(content, name, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Places and words of an axis's ticks, as the plot has chosen them; those without words are left out. */
function ticks({ _splits = [], _values = [] }) {
  return _splits.map((tick, i) => [tick, _values[i] ?? '']).filter(([tick, words]) => tick !== null && words !== '');
}

/** Stretches of indices without a gap between. */
function segments(ys) {
  const parts = [];
  let part = [];
  ys.forEach((value, i) => {
    if (value !== null && value !== undefined) return void part.push(i);
    if (part.length > 0) parts.push(part);
    part = [];
  });
  return part.length > 0 ? [...parts, part] : parts;
}

function escape(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}
