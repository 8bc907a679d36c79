// The sliders of "What if", and what the quad's loss becomes.

import { judge, parameters } from "./whatIf.js";

const STEPS = 1000; // of a slider

const rows = [
  ["loss", "Loss of this quad", (of) => number(of.loss)],
  ["weighted", "λ times the loss", (of) => number(of.weighted)],
  ["kept", "Places that keep the margin", (of) => `${(100 * of.kept).toFixed(0)} %`],
  ["lead", "Mean lead over the nearer negative", (of) => number(of.lead)],
  ["factor", "Features are multiplied by 1 + γ R", (of) => `${number(of.factor[0])} to ${number(of.factor[1])}`],
];

/**
 * Builds the panel.
 * @param {(tried: object) => void} onChange called at once with what is tried: only what differs from the trial's own
 */
export function buildWhatIf(onChange) {
  const root = document.createElement("details");
  root.className = "more what-if";
  const summary = document.createElement("summary");
  summary.textContent = "What if τ, α, β, γ, m or λ were different?";
  const body = element("div", "what-if-body");
  const sliders = element("div", "what-if-sliders");
  const reset = element("button", "sq-button");
  reset.type = "button";
  reset.textContent = "As trained";
  const note = element("p", "sq-muted sq-small");
  const table = element("table", "sq-table what-if-table");
  const lines = parameters.map((parameter) => buildSlider(parameter, change));
  sliders.append(...lines.map((line) => line.root), reset);
  body.append(sliders, table);
  root.append(summary, body, note);
  let trained = null;
  let tried = {};
  reset.addEventListener("click", () => set({}, true));
  return { root, show, judge: writeTable };

  /** Takes the trial's hyperparameters and what is tried. */
  function show(own, next) {
    trained = own;
    note.textContent = trained.learnable
      ? "The maps as they would be with the features that the trial has; training with other values would give other features. This trial learns α, β and γ: what is shown of them are the values it began with."
      : "The maps as they would be with the features that the trial has; training with other values would give other features.";
    if (Object.keys(next).length > 0) root.open = true;
    set(next, false);
  }

  function change(key, value) {
    const { [key]: _, ...others } = tried;
    set(value === trained[key] ? others : { ...others, [key]: value }, true);
  }

  function set(next, tell) {
    tried = next;
    for (const line of lines) line.set(tried[line.key] ?? trained[line.key], trained[line.key]);
    reset.disabled = Object.keys(tried).length === 0;
    if (tell) onChange(tried);
  }

  /** Writes what the shown maps come to, beside what they came to as trained. */
  function writeTable(asTrained, asTried) {
    const [before, after] = [judge(asTrained, trained), judge(asTried, { ...trained, ...tried })];
    const changed = Object.keys(tried).length > 0;
    const head = row("th", ["", "as trained", ...(changed ? ["tried"] : [])]);
    table.replaceChildren(
      ...[head, ...rows.map(([key, title, write]) => {
        const made = row("td", [title, write(before), ...(changed ? [write(after)] : [])]);
        made.dataset.row = key;
        return made;
      })],
    );
  }
}

function buildSlider({ key, symbol, what, low, high, logarithmic }, change) {
  const root = element("div", "what-if-slider");
  const label = element("label");
  const name = element("strong");
  name.textContent = symbol;
  label.append(name, ` ${what}`);
  const slider = element("input");
  slider.type = "range";
  slider.id = `what-if-${key}`;
  label.htmlFor = slider.id;
  [slider.min, slider.max, slider.step] = [0, STEPS, 1];
  const exact = element("input", "sq-input sq-compact sq-num");
  [exact.type, exact.step, exact.min] = ["number", "any", logarithmic ? low : 0];
  exact.setAttribute("aria-label", `${symbol}, exactly`);
  const valueAt = (place) => {
    const share = place / STEPS;
    return Number((logarithmic ? low * (high / low) ** share : low + share * (high - low)).toPrecision(3));
  };
  const placeOf = (value) =>
    Math.round(STEPS * (logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)));
  slider.addEventListener("input", () => change(key, valueAt(Number(slider.value))));
  exact.addEventListener("change", () => {
    const value = Number(exact.value);
    if (exact.value !== "" && value >= Number(exact.min) && value <= 1e6) change(key, value);
    else exact.value = exact.dataset.value;
  });
  root.append(label, slider, exact);
  return {
    key,
    root,
    set(value, own) {
      slider.value = placeOf(value);
      slider.setAttribute("aria-valuetext", `${value}`);
      exact.value = exact.dataset.value = `${value}`;
      root.classList.toggle("changed", value !== own);
      exact.title = `${own} as trained`;
    },
  };
}

function row(kind, texts) {
  const made = document.createElement("tr");
  made.append(
    ...texts.map((text, i) => {
      const cell = element(kind, i > 0 ? "sq-num" : "");
      cell.textContent = text;
      return cell;
    }),
  );
  return made;
}

function number(value) {
  return value.toFixed(3).replace("-", "−");
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
