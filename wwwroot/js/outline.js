// The outline of a mask: where the expression is made, as the generator of synthetic faces knows it.

/** Draws the outline of a mask into canvases, or clears them when there is no mask. */
export async function outline(canvases, url) {
  for (const canvas of canvases) canvas.dataset.mask = url ?? "";
  if (!url) {
    for (const canvas of canvases) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    return;
  }
  const mask = new Image();
  mask.src = url;
  try {
    await mask.decode();
  } catch {
    return; // a face without a mask simply has no outline
  }
  for (const canvas of canvases) if (canvas.dataset.mask === url) draw(canvas, mask);
}

function draw(canvas, mask) {
  const side = 224;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(mask, 0, 0, side, side);
  const pixels = context.getImageData(0, 0, side, side).data;
  const inside = (x, y) => x >= 0 && y >= 0 && x < side && y < side && pixels[4 * (y * side + x)] > 96;
  context.clearRect(0, 0, side, side);
  // A light line between two dark ones: to be seen on any colour of the scales.
  for (const [color, reach] of [["rgb(0 0 0 / 75%)", 2], ["#ffffff", 1]]) {
    context.fillStyle = color;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        if (inside(x, y) && !(inside(x - reach, y) && inside(x + reach, y) && inside(x, y - reach) && inside(x, y + reach)))
          context.fillRect(x, y, 1, 1);
      }
    }
  }
}
