// Shows the chosen theme, and remembers it where the server can read it before the first paint.
export function choose(theme) {
  for (const sheet of document.head.querySelectorAll('link[data-dark]'))
    sheet.setAttribute('href', theme === 'dark' ? sheet.dataset.dark : sheet.dataset.light);
  document.cookie = `sqsnet-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}
