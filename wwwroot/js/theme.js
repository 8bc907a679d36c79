// Shows the chosen theme, and remembers it where the server can read it before the first paint.
export function choose(theme) {
  const name = theme === 'dark' ? 'standard-dark' : 'standard';
  for (const sheet of document.head.querySelectorAll('link[href*="/css/standard"]'))
    sheet.setAttribute('href', sheet.getAttribute('href').replace(/\/css\/standard(-dark)?/, `/css/${name}`));
  document.cookie = `sqsnet-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}
