// Starts Blazor, with patient reconnection: at first quickly, then every five seconds, as long as the page is open.

const modal = document.getElementById('components-reconnect-modal');

// A server that was restarted knows the page's circuit no more: load the page anew, its address says what it shows. What
// was being described in a form lies in the tab (draft.js).
new MutationObserver(() => {
  const lost = ['components-reconnect-rejected', 'components-reconnect-failed'];
  if (lost.some((name) => modal.classList.contains(name))) location.reload();
}).observe(modal, { attributes: true, attributeFilter: ['class'] });

Blazor.start({
  // A link that is followed before the circuit has come loads its page whole. Merged into this one it would be overwritten
  // by the circuit, which still knows the address that it was started with.
  ssr: { disableDomPreservation: true },
  circuit: {
    reconnectionOptions: {
      maxRetries: 100000,
      retryIntervalMilliseconds: (tries) => Math.min(5000, 250 * 2 ** Math.min(tries, 5)),
    },
  },
});

// A dialog's first field has the focus as soon as it stands. Radzen would give it half a second later, from under a
// person who already types in another one.
const { openDialog } = Radzen;
Radzen.openDialog = (options, ...rest) => {
  openDialog({ ...options, autoFocusFirstElement: false }, ...rest);
  const dialogs = document.querySelectorAll('.rz-dialog-content');
  Radzen.focusFirstFocusableElement(dialogs[dialogs.length - 1]);
};

// A menu closes when the person goes on elsewhere, or with Escape, which leaves the focus on what opened it.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll('.sq-menu[open]')) if (!menu.contains(except)) menu.open = false;
};
document.addEventListener('click', ({ target }) => closeMenus(target));
document.addEventListener('keydown', ({ key, target }) => {
  const menu = key === 'Escape' && target.closest('.sq-menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

// "Skip to the content" must move the focus; Blazor makes a link to a fragment scroll and no more.
document.addEventListener(
  'click',
  (event) => {
    if (!event.target.closest('.sq-skip')) return;
    event.preventDefault();
    document.getElementById('content').focus();
  },
  { capture: true },
);
