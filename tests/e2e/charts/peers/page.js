// What every page of the benchmark does: it notes when its chart is painted, and draws it again when asked.

/** Resolves when what was drawn before the call is on the screen. */
const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Resolves after the frame that is being made: its style, layout and paint are done. */
const afterFrame = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(null);
});

/** Periods and series of an aggregate, as the libraries want them. */
globalThis.tableOf = ({ rows, columns, labels, text }) => {
  const named = (role) => columns.filter((column) => column.role === role).map(({ name }) => name);
  const [measure] = named("measure");
  const [group] = named("dimension").filter((name) => name !== "year");
  const periods = [...new Set(rows.map(({ year }) => year))];
  const names = [...new Set(rows.map((row) => row[group] ?? text.y_title))];
  const values = (name) => periods.map((period) =>
    rows.find((row) => row.year === period && (row[group] ?? text.y_title) === name)?.[measure] ?? null);
  return { periods, title: text.title, unit: text.y_title,
    series: names.map((name) => ({ name: labels?.[group]?.[name] ?? name, values: values(name) })) };
};

globalThis.painted = null;
globalThis.notePainted = async () => {
  await twoFrames();
  globalThis.painted = performance.now();
};

/** When the picture of the server was painted; null where the drawing was there before it. */
globalThis.pictured = null;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) globalThis.pictured ??= entry.renderTime || entry.startTime;
}).observe({ type: "element", buffered: true });

/** Bytes over the wire of everything that is program or words: not of the page, its figures and its picture. */
globalThis.programBytes = () => performance.getEntriesByType("resource")
  .filter(({ name }) => /\.(js|wasm)$|\/text-\w+\.json$/.test(new URL(name).pathname))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);

/** Draws two answers in turn; returns milliseconds until layout is done, and until the frame is. */
globalThis.redraws = async (count, answers) => {
  const times = [];
  for (let turn = 0; turn < count; turn += 1) {
    times.push(await new Promise((done) => requestAnimationFrame(async () => {
      const begun = performance.now();
      await peer.redraw(answers[turn % answers.length]);
      document.body.getBoundingClientRect();
      const laidOut = performance.now() - begun;
      await afterFrame();
      done([laidOut, performance.now() - begun]);
    })));
  }
  return times;
};

/** When the first figure stood on the screen that a mouse asks for which rests in the middle of the chart; null where that cannot be told. */
globalThis.answered = null;
const deepest = (x, y) => {
  let [found, within] = [null, document.elementFromPoint(x, y)];
  while (within && within !== found) [found, within] = [within, within.shadowRoot?.elementFromPoint(x, y)];
  return found;
};
const rest = () => {
  // What a frame tells is on the screen when the next one begins.
  if (globalThis.peer?.tells?.()) {
    globalThis.answered = performance.now();
    return;
  }
  const at = { clientX: 408, clientY: 300, bubbles: true, composed: true, pointerType: "mouse" };
  for (const event of [new PointerEvent("pointermove", at), new MouseEvent("mousemove", at)]) {
    deepest(at.clientX, at.clientY)?.dispatchEvent(event);
  }
  requestAnimationFrame(rest);
};
requestAnimationFrame(rest);
