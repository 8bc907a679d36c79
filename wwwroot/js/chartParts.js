// What surrounds a chart's canvas: the controls, and the legend, which is a table of values at the same time.

const UNITS = { step: 'steps', epoch: 'epochs', time: 'seconds' };
const AXES = { step: 'steps', epoch: 'epochs', time: 'training time' };

export const describe = { axis: AXES, value: formatValue, position: formatPosition };

/**
 * Controls that write into a view of { x, logX, logY, halfLife, means, pinned }.
 * @param {object} view
 * @param {(what: string) => void} onChange told which part of the view changed
 * @param {(format: string) => void} onExport
 */
export function toolbar(view, onChange, onExport) {
  const element = document.createElement('div');
  element.className = 'chart-controls';

  const axis = document.createElement('select');
  axis.className = 'sq-select sq-compact';
  for (const [value, text] of Object.entries(AXES)) axis.append(new Option(`over ${text}`, value, false, value === view.x));
  axis.setAttribute('aria-label', 'Horizontal axis');
  axis.addEventListener('change', () => {
    view.x = axis.value;
    view.halfLife = 0; // it was in the other axis's units
    write();
    onChange('x');
  });

  const check = (name) => {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.addEventListener('change', () => ((view[name] = box.checked), onChange(name)));
    return box;
  };
  const boxes = { logX: check('logX'), logY: check('logY'), means: check('means'), pinned: check('pinned') };
  const means = labelled('mean over seeds', boxes.means);
  means.title = 'Mean and 95 % t interval of the seeds of each configuration; broken where their number changes';
  const pin = labelled('pin', boxes.pinned);
  pin.title = 'Keeps the vertical axis as it is';

  const halfLife = document.createElement('input');
  Object.assign(halfLife, { type: 'number', min: 0, step: 'any', placeholder: 'off', className: 'sq-input sq-compact' });
  halfLife.addEventListener('change', () => ((view.halfLife = Math.max(0, Number(halfLife.value))), onChange('halfLife')));
  const smooth = labelled('smooth', halfLife);

  const files = document.createElement('details');
  files.className = 'sq-menu';
  const summary = document.createElement('summary');
  summary.className = 'sq-button sq-quiet';
  summary.textContent = 'Export';
  const choices = document.createElement('div');
  choices.className = 'sq-menu-body chart-files';
  for (const format of ['PNG', 'SVG', 'CSV']) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'sq-button sq-quiet', textContent: format });
    button.addEventListener('click', () => ((files.open = false), onExport(format)));
    choices.append(button);
  }
  files.append(summary, choices);

  element.append(axis, labelled('log x', boxes.logX), labelled('log', boxes.logY), pin, smooth, means, files);
  write();
  return { element, write, offerMeans: (there) => (means.hidden = !there) };

  /** Shows the view as it is. */
  function write() {
    axis.value = view.x;
    for (const [name, box] of Object.entries(boxes)) box.checked = view[name];
    halfLife.value = view.halfLife > 0 ? String(view.halfLife) : '';
    smooth.title = `Half-life in ${UNITS[view.x]}: so far back a point counts half. Computed from every logged point; the points stay visible.`;
  }
}

const FEW = 12; // lines that need no search

/** A table with one row per line: a button that hides it, and its value. */
export function legend(onToggle) {
  const element = document.createElement('div');
  const search = document.createElement('input');
  Object.assign(search, { type: 'search', className: 'sq-input sq-compact', placeholder: 'Find a line' });
  search.setAttribute('aria-label', 'Find a line');
  search.addEventListener('input', find);
  const table = document.createElement('table');
  table.className = 'chart-legend';
  const caption = table.createCaption();
  caption.className = 'chart-legend-caption';
  const body = table.createTBody();
  element.append(search, table);
  let cells = [];
  let written = [];

  function show(lines, hidden) {
    written = [];
    body.replaceChildren();
    cells = lines.map(({ key, name, color, dash }) => {
      const row = body.insertRow();
      const head = document.createElement('th');
      head.scope = 'row';
      const button = document.createElement('button');
      button.type = 'button';
      button.title = `Show or hide ${name}`;
      button.setAttribute('aria-pressed', String(!hidden.has(key)));
      const swatch = document.createElement('span');
      swatch.className = 'chart-swatch';
      swatch.style.borderTopColor = color;
      swatch.style.borderTopStyle = dash.length > 0 ? 'dashed' : 'solid';
      const text = document.createElement('span');
      text.textContent = name; // a person's own words: text, never markup
      button.append(swatch, text);
      button.addEventListener('click', () => {
        onToggle(key);
        button.setAttribute('aria-pressed', String(!hidden.has(key)));
      });
      head.append(button);
      row.append(head);
      return row.insertCell();
    });
    search.hidden = lines.length <= FEW;
    find();
  }

  function find() {
    const wanted = search.hidden ? '' : search.value.toLowerCase();
    for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  }

  function write(values, title) {
    if (caption.textContent !== title) caption.textContent = title;
    values.forEach((value, i) => {
      const text = formatValue(value);
      if (written[i] === text || !cells[i]) return;
      written[i] = text;
      cells[i].textContent = text;
    });
  }

  return { element, show, write };
}

function labelled(text, control) {
  const label = document.createElement('label');
  if (control.type === 'checkbox') label.append(control, ` ${text}`);
  else label.append(`${text} `, control);
  return label;
}

const LARGE = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

function formatValue(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return value.toExponential(2);
  if (size >= 1e6) return LARGE.format(value);
  return String(Number(value.toPrecision(4)));
}

function formatPosition(axis, value) {
  if (axis === 'time') {
    const seconds = Math.round(value);
    const pad = (part) => String(part).padStart(2, '0');
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  }
  if (axis === 'epoch') return String(Number(value.toPrecision(3)));
  return Math.round(value).toLocaleString('en');
}
