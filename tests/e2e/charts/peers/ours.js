addEventListener("statute-chart-ready", () => notePainted(), { once: true });
/** When the picture could be read by mouse and keyboard, before anything was drawn here. */
globalThis.readable = null;
addEventListener("statute-chart-readable", async () => {
  await twoFrames();
  globalThis.readable = performance.now();
}, { once: true });
globalThis.peer = {
  tells() {
    const tip = document.querySelector("statute-chart")?.shadowRoot?.querySelector("[part=tooltip]");
    return Boolean(tip && !tip.hidden && tip.textContent);
  },
  async redraw(answer) {
    this.module ??= await import(document.querySelector("script[type=module][src]").src);
    this.box ??= document.body.appendChild(document.createElement("div"));
    this.box.innerHTML = await this.module.drawAnswer(answer, { type: "line", width: 800, height: 450 });
  },
};

/** Gives the element two addresses in turn, beginning with the other one; milliseconds from the frame in which it draws until layout is done. */
globalThis.elementRedraws = async (count, addresses) => {
  const chart = document.querySelector("statute-chart");
  const redraw = (address) => new Promise((done) => {
    let begun = 0;
    // The element asks for a frame after this.
    requestAnimationFrame(() => { begun = performance.now(); });
    chart.addEventListener("statute-chart-ready", () => {
      document.body.getBoundingClientRect();
      done(performance.now() - begun);
    }, { once: true });
    chart.src = address;
  });
  const times = [];
  for (let turn = 1; turn <= count; turn += 1) times.push(await redraw(addresses[turn % addresses.length]));
  return times;
};
