// Remembers the chosen theme where the server can read it before the first paint.
export function remember(theme) {
  document.cookie = `sqsnet-theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}
