// A picture of a face: taken from a file, the clipboard or the dataset, cut to the part with the face, and shown under
// the map that the network's answer brings. The page asks the network; this module only has pictures.

import { gradientOf } from "./colorScales.js";
import { drawMap } from "./heatmap.js";

/** Side of the part that is sent, at most: far more than any network sees, small enough to send at every change. */
const mostSide = 1024;

/** How long the part rests before it is sent, in milliseconds. */
const patience = 250;

const hints = {
  empty: "Drop a face here, paste one with Ctrl+V, or choose a file.",
  whole: "Drag the frame to the face, or move it with the arrow keys; + and − change its size.",
};

/**
 * Builds the board inside a host.
 * @param {HTMLElement} host emptied on dispose
 * @param {object} page LookAsync(picture, face) and RefuseAsync(message) of ExplainView.razor.cs
 */
export function create(host, page) {
  let bitmap = null;
  let face = null; // the dataset's face that the picture is
  let frame = null; // { left, top, side } in pixels of the picture
  let timer = 0;
  let grip = null;
  let takes = 0;
  let disposed = false;

  const stage = element("div", "picture-stage");
  stage.tabIndex = 0;
  stage.setAttribute("role", "group");
  stage.setAttribute("aria-label", "Picture and the part of it that is looked at");
  const whole = element("canvas", "picture-whole");
  whole.height = whole.width; // as square as the other one, until a picture comes
  const box = element("div", "picture-frame");
  box.hidden = true;
  const hint = element("p", "picture-hint");
  hint.textContent = hints.empty;
  stage.append(whole, box, hint);

  const seen = element("div", "inspector-picture picture-seen");
  const part = element("canvas", "picture-part");
  const overlay = element("canvas", "inspector-map");
  seen.append(part, overlay);
  const seenTitle = element("p", "picture-caption");
  seenTitle.textContent = "What the network is shown, under its Grad-CAM";
  const scale = element("div", "inspector-gradient");
  scale.style.background = gradientOf("s");
  const ends = element("div", "inspector-ticks");
  const [low, high] = [element("span"), element("span")];
  low.textContent = "does not matter";
  high.textContent = "speaks for the class";
  ends.append(low, high);

  const tools = element("div", "picture-tools");
  const input = element("input");
  input.type = "file";
  input.accept = "image/*";
  input.className = "sq-hidden";
  input.tabIndex = -1;
  input.setAttribute("aria-label", "Picture file");
  const choose = element("button", "sq-button");
  choose.type = "button";
  choose.textContent = "Choose a file …";
  const size = range("Part", 10, 100, 100, (value) => resize(value / 100));
  const opacity = range("Map", 0, 100, 55, (value) => (overlay.style.opacity = value / 100));
  overlay.style.opacity = 0.55;
  tools.append(choose, input, size.root, opacity.root);

  const left = element("div");
  left.append(stage, tools);
  const right = element("div");
  right.append(seen, seenTitle, scale, ends);
  host.replaceChildren(left, right);
  tell();

  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files[0]) void take(input.files[0], null);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    host.addEventListener(kind, (event) => {
      event.preventDefault();
      host.dataset.over = "";
    });
  }
  host.addEventListener("dragleave", () => delete host.dataset.over);
  host.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste);
  stage.addEventListener("pointerdown", onGrip);
  stage.addEventListener("pointermove", onMove);
  stage.addEventListener("pointerup", () => (grip = null));
  stage.addEventListener("keydown", onKey);

  return { showFace, showMap, sendAgain, dispose };

  /** Shows a face of the dataset. */
  async function showFace(url, index) {
    const response = await fetch(url).catch(() => null);
    if (disposed) return;
    if (response?.ok) await take(await response.blob(), index);
    else await page.invokeMethodAsync("RefuseAsync", `Face ${index} of the dataset could not be read.`);
  }

  /** Shows a class's map over the part; null takes the map away. */
  function showMap(rows, strongest) {
    overlay.hidden = !rows;
    if (rows) drawMap(overlay, rows, "s", [0, strongest || 1], true);
    host.dataset.mapped = rows ? "yes" : "no";
  }

  /** Sends the picture as it is, if there is one: another network is asked. */
  function sendAgain() {
    face = null; // the other network's dataset may have another face by this number
    if (bitmap) void send();
  }

  function dispose() {
    disposed = true;
    clearTimeout(timer);
    document.removeEventListener("paste", onPaste);
    bitmap?.close();
    host.replaceChildren();
  }

  async function take(file, index) {
    const mine = ++takes;
    let read;
    try {
      read = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      if (!disposed && mine === takes)
        await page.invokeMethodAsync("RefuseAsync", `${file.name ? `"${file.name}"` : "What was given"} is not a picture that this browser can read, or it is damaged.`);
      return;
    }
    if (disposed || mine !== takes) {
      read.close();
      return;
    }
    bitmap?.close();
    [bitmap, face] = [read, index];
    const side = Math.min(bitmap.width, bitmap.height);
    frame = { left: (bitmap.width - side) / 2, top: (bitmap.height - side) / 2, side };
    whole.width = bitmap.width;
    whole.height = bitmap.height;
    whole.getContext("2d").drawImage(bitmap, 0, 0);
    showMap(null);
    tell();
    await send();
  }

  function onDrop(event) {
    event.preventDefault();
    delete host.dataset.over;
    const file = event.dataTransfer.files[0];
    if (file) void take(file, null);
    else void page.invokeMethodAsync("RefuseAsync", "What was dropped is not a file. Save the picture first, or copy and paste it.");
  }

  function onPaste(event) {
    if (event.target.closest?.("input, textarea")) return;
    const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    void take(file, null);
  }

  function onGrip(event) {
    if (!bitmap) return;
    const at = place(event);
    // Outside of the frame the frame jumps there, so that one click is enough to point at a face.
    const inside = at.x >= frame.left && at.y >= frame.top && at.x <= frame.left + frame.side && at.y <= frame.top + frame.side;
    if (!inside) move(at.x - frame.side / 2, at.y - frame.side / 2);
    grip = { x: at.x - frame.left, y: at.y - frame.top };
    stage.setPointerCapture(event.pointerId);
  }

  function onMove(event) {
    if (!grip) return;
    const at = place(event);
    move(at.x - grip.x, at.y - grip.y);
  }

  function onKey(event) {
    if (!bitmap || event.ctrlKey || event.metaKey) return;
    const step = frame.side / 20;
    const moves = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] };
    const by = moves[event.key];
    if (by) move(frame.left + by[0], frame.top + by[1]);
    else if (event.key === "+" || event.key === "=") resize(share() + 0.05);
    else if (event.key === "-") resize(share() - 0.05);
    else return;
    event.preventDefault();
  }

  /** A pointer's place in pixels of the picture. */
  function place(event) {
    const drawn = whole.getBoundingClientRect();
    return {
      x: ((event.clientX - drawn.left) / drawn.width) * bitmap.width,
      y: ((event.clientY - drawn.top) / drawn.height) * bitmap.height,
    };
  }

  function share() {
    return frame.side / Math.min(bitmap.width, bitmap.height);
  }

  function resize(wanted) {
    if (!bitmap) return;
    const side = Math.min(bitmap.width, bitmap.height) * Math.min(1, Math.max(0.1, wanted));
    const [x, y] = [frame.left + frame.side / 2, frame.top + frame.side / 2];
    frame.side = side;
    move(x - side / 2, y - side / 2);
  }

  function move(left, top) {
    frame.left = Math.min(bitmap.width - frame.side, Math.max(0, left));
    frame.top = Math.min(bitmap.height - frame.side, Math.max(0, top));
    face = null; // a part of a face is not the face
    showMap(null);
    tell();
    clearTimeout(timer);
    timer = setTimeout(() => void send(), patience);
  }

  /** Brings what is shown in line with the picture and its frame. */
  function tell() {
    seen.dataset.empty = bitmap ? "no" : "yes";
    size.input.disabled = !bitmap;
    box.hidden = !bitmap;
    hint.textContent = bitmap ? hints.whole : hints.empty;
    if (!bitmap) return;
    size.set(Math.round(share() * 100));
    box.style.left = `${(frame.left / bitmap.width) * 100}%`;
    box.style.top = `${(frame.top / bitmap.height) * 100}%`;
    box.style.width = `${(frame.side / bitmap.width) * 100}%`;
    box.style.height = `${(frame.side / bitmap.height) * 100}%`;
    part.width = part.height = Math.max(1, Math.min(mostSide, Math.round(frame.side)));
    part.getContext("2d").drawImage(bitmap, frame.left, frame.top, frame.side, frame.side, 0, 0, part.width, part.height);
  }

  async function send() {
    const blob = await new Promise((done) => part.toBlob(done, "image/png"));
    if (disposed) return;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    await page.invokeMethodAsync("LookAsync", DotNet.createJSStreamReference(bytes), face).catch((failure) => {
      if (!disposed) console.warn("The picture could not be sent:", failure.message);
    });
  }
}

/** A labelled slider. */
function range(text, min, max, value, changed) {
  const root = element("label", "picture-range");
  const input = element("input");
  Object.assign(input, { type: "range", min, max, value });
  const said = element("output", "sq-num");
  const set = (number) => {
    input.value = number;
    said.textContent = `${number} %`;
  };
  set(value);
  input.addEventListener("input", () => {
    set(Number(input.value));
    changed(Number(input.value));
  });
  root.append(text, input, said);
  return { root, input, set };
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}
