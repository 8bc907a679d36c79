// Starts Blazor with patient reconnection: at first quickly, then every five seconds, for as long as the page is open.
Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: 100000,
      retryIntervalMilliseconds: (tries) => Math.min(5000, 250 * 2 ** Math.min(tries, 5)),
    },
  },
});
