// Before the first paint of a first visit: the theme that the person's system prefers, until they choose one here.
if (!document.cookie.includes('sqsnet-theme=') && matchMedia('(prefers-color-scheme: dark)').matches) {
  document.cookie = 'sqsnet-theme=dark; path=/; samesite=strict';
  if (document.cookie.includes('sqsnet-theme=')) location.reload(); // the server reads it; never again and again
}
