// Opens the palette with Ctrl+K; the dialog element itself keeps the focus inside and closes with Escape.

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} owner a .NET object that is told when it opens
 */
export function create(dialog, owner) {
  const input = dialog.querySelector('input');
  const onKey = (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    open();
  };
  // The arrow keys choose; the cursor in the text stays where it is.
  const onInputKey = (event) => {
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') event.preventDefault();
  };
  const onClick = (event) => event.target === dialog && dialog.close(); // beside it
  document.addEventListener('keydown', onKey);
  input.addEventListener('keydown', onInputKey);
  dialog.addEventListener('click', onClick);
  dialog.dataset.ready = 'true';
  return { open, close: () => dialog.close(), dispose: () => document.removeEventListener('keydown', onKey) };

  async function open() {
    if (dialog.open) return;
    await owner.invokeMethodAsync('Opened');
    input.value = '';
    dialog.showModal();
    input.focus();
  }
}
