// What surrounds a chart's canvas: the controls, and the legend, which is a table of values at the same time.

const AXES = { step: 'steps', epoch: 'epochs', time: 'training time' };

export const describe = { axis: AXES, value: formatValue, position: formatPosition };

/** Controls that write into a view of { x, logY, smoothing }. */
export function toolbar(view, onChange) {
  const element = document.createElement('div');
  element.className = 'chart-controls';

  const axis = document.createElement('select');
  axis.className = 'sq-select sq-compact';
  for (const [value, text] of Object.entries(AXES)) axis.append(new Option(`over ${text}`, value, false, value === view.x));
  axis.setAttribute('aria-label', 'Horizontal axis');
  axis.addEventListener('change', () => ((view.x = axis.value), onChange()));

  const log = document.createElement('input');
  log.type = 'checkbox';
  log.checked = view.logY;
  log.addEventListener('change', () => ((view.logY = log.checked), onChange()));

  const weight = document.createElement('input');
  weight.type = 'range';
  Object.assign(weight, { min: 0, max: 0.98, step: 0.02, value: view.smoothing });
  weight.addEventListener('input', () => ((view.smoothing = Number(weight.value)), onChange()));

  element.append(axis, labelled('log', log), labelled('smooth', weight));
  return { element };
}

/** A table with one row per line: a button that hides it, and its value. */
export function legend(onToggle) {
  const element = document.createElement('table');
  element.className = 'chart-legend';
  const caption = element.createCaption();
  caption.className = 'chart-legend-caption';
  const body = element.createTBody();
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
  label.append(control, ` ${text}`);
  return label;
}

const LARGE = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

function formatValue(value) {
  if (value === null || value === undefined) return '–';
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
  if (axis === 'epoch') return String(Number(value.toFixed(2)));
  return Math.round(value).toLocaleString('en');
}
