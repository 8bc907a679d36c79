// Arrow keys in a long table: up and down go from row to row, in the column where the focus is.

const STEPS = { ArrowUp: -1, ArrowDown: 1, PageUp: -12, PageDown: 12 };

export function attach(host) {
  const onKey = (event) => {
    const by = STEPS[event.key];
    const row = event.target.closest?.('tbody tr');
    if (!by || !row || event.target.matches('input:not([type=checkbox]), select')) return;
    const cell = event.target.closest('td, th');
    const next = rowAt(row, by);
    const target = next?.children[cell.cellIndex]?.querySelector('input, a, button') ?? next?.querySelector('input, a');
    if (!target) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  host.addEventListener('keydown', onKey);
  return { dispose: () => host.removeEventListener('keydown', onKey) };
}

/** The row so many further, as far as there are drawn ones. */
function rowAt(row, by) {
  let at = null;
  for (let next = row, left = Math.abs(by); left > 0; ) {
    next = by > 0 ? next.nextElementSibling : next.previousElementSibling;
    if (next?.querySelector('input, a')) {
      at = next;
      left -= 1;
    } else if (!next || next.offsetHeight > 0) break; // the space where rows are not drawn
  }
  return at;
}
