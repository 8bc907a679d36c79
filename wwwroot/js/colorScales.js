// Colour scales that stay apart for colour-blind eyes and grow evenly in lightness.

// Viridis (van der Walt and Smith, CC0), seventeen anchors: for similarities, 0 to 1.
const viridis = [
  [68, 1, 84], [72, 26, 108], [71, 47, 125], [65, 68, 135], [57, 86, 140], [49, 104, 142], [42, 120, 142],
  [35, 136, 142], [31, 152, 139], [34, 168, 132], [53, 183, 121], [84, 197, 104], [122, 209, 81], [165, 219, 54],
  [210, 226, 27], [233, 228, 25], [253, 231, 37],
];

// Blue, white, orange: for the refinement map, whose zero means "left alone".
const diverging = [
  [9, 50, 107], [31, 90, 155], [75, 138, 191], [143, 186, 219], [205, 224, 236], [245, 243, 240], [246, 220, 196],
  [233, 175, 126], [208, 122, 66], [164, 76, 26], [110, 42, 8],
];

/** The scale of a map's kind: a function from 0..1 to [red, green, blue]. */
export function scaleOf(kind) {
  const anchors = kind === "r" ? diverging : viridis;
  return (share) => {
    const place = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
    const below = Math.min(anchors.length - 2, Math.floor(place));
    const rest = place - below;
    return anchors[below].map((from, channel) => Math.round(from + (anchors[below + 1][channel] - from) * rest));
  };
}

/** The scale as a CSS gradient from left to right. */
export function gradientOf(kind) {
  const color = scaleOf(kind);
  const stops = Array.from({ length: 33 }, (_, i) => `rgb(${color(i / 32).join(" ")}) ${((i / 32) * 100).toFixed(1)}%`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
