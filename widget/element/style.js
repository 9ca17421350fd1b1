// How the element looks. Constructed style sheets: a Content-Security-Policy without 'unsafe-inline' allows them.

export function sheetOf(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

// A picture keeps the room, and the chart lies over it; without one, a grid as wide as a picture at most and nothing at
// least does. What the page says of its own text does not reach the chart: `all`, and the direction, so sides are physical.
// Nothing moves by itself, for nobody asked it to.
export const INSIDE = sheetOf(`
:host { display: block; }
:host([hidden]), [hidden] { display: none !important; }
.box { position: relative; color-scheme: light; --accent: var(--statute-chart-accent, #0b5a7a); }
.dark { color-scheme: dark; --accent: var(--statute-chart-accent, #8cc8e0); }
.box:not(.pictured) { display: grid; grid-template-columns: minmax(0, 800px) minmax(0, 1fr); }
.drawn > slot { visibility: hidden; }
.read .drawing { display: none; }
.stage, .skeleton, .notice { all: initial; display: block; position: relative; direction: ltr; color-scheme: inherit; visibility: inherit; pointer-events: inherit;
  color: var(--text, var(--statute-chart-text, CanvasText)); font: 13px/1.4 var(--statute-chart-font, "Noto Sans", system-ui, sans-serif); }
.room, .stage { grid-column: 1 / -1; width: 100%; }
.room, .pictured > .stage { aspect-ratio: var(--ratio); }
.pictured > .stage { position: absolute; top: 0; left: 0; max-width: var(--widest); }
.box:not(.pictured) > slot, .pictured > .room, .drawn > .room, .drawn > .skeleton, .box:not(.drawn, .read) > .stage { display: none; }
.drawing svg { display: block; width: 100%; height: auto; font-family: inherit; }
.pictured .drawing, .pictured .drawing svg { height: 100%; }
.layer, .legend button, .band, .ring, .tip, .controls, .chips, .panel, .table, .link, .skeleton, .notice { position: absolute; box-sizing: border-box; }
.layer, .skeleton, .notice, .table { inset: 0; }
.layer { touch-action: pan-y; overflow: hidden; }
.ring, .band, .tip { pointer-events: none; left: 0; top: 0; }
.ring { border: 2px solid var(--strong); border-radius: 10px; box-shadow: 0 0 0 1px var(--background); }
.band { opacity: .25; }
.legend button { padding: 0; border: 0; border-radius: 4px; background: none; cursor: pointer; }
.legend button:hover { box-shadow: 0 0 0 1px var(--axis); }
.tip, .panel, .told { overflow-wrap: anywhere; }
.tip, .panel, .beside .told { background: var(--background, Canvas); border: 1px solid var(--axis, GrayText); border-radius: 7px; box-shadow: 0 3px 14px rgb(0 0 0 / .2); }
.tip { max-width: min(270px, 100%); width: max-content; padding: 8px 10px; z-index: 2; }
.tip strong { display: block; font-size: 17px; }
strong { color: var(--strong); }
.quiet { color: var(--quiet); font-size: 12px; }
.source { margin-top: 4px; padding-top: 4px; border-top: 1px solid var(--grid); }
.button { display: inline-flex; align-items: center; justify-content: center; gap: 5px; box-sizing: border-box; min-height: 28px;
  padding: 0 8px; border: 1px solid var(--axis, GrayText); border-radius: 5px; background: var(--background, Canvas); color: inherit; font: inherit; font-size: 12px;
  cursor: pointer; text-decoration: none; }
.button:hover, .button[aria-expanded=true] { background: var(--shade); color: var(--strong); }
.controls { display: flex; gap: 2px; white-space: nowrap; z-index: 3; }
.controls .button { min-height: 24px; padding: 0 7px; border-color: transparent; }
.controls::before { content: ""; flex: 1; }
.signs .button { flex: 1; min-width: 0; max-width: 44px; padding: 0; }
.signs span, .link:not(:focus) { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.3; stroke-linejoin: round; stroke-linecap: round; }
.words .icon { display: none; }
.panel, .table { overflow: auto; overscroll-behavior: contain; background: var(--background); z-index: 3; }
.panel { right: 6px; bottom: 54px; display: grid; gap: 10px; width: 320px; max-width: calc(100% - 12px); max-height: calc(100% - 60px); padding: 8px 14px 14px; }
.row { display: flex; justify-content: space-between; align-items: center; }
.row .button { border: 0; }
p { margin: 0; }
a { color: var(--accent); line-height: 24px; }
.table { padding: 14px 20px 0; border-bottom: 50px solid var(--background); }
.chips { display: flex; gap: 6px; right: 12px; }
.chips .button { min-height: 24px; }
.skeleton, .notice { background: var(--statute-chart-background, Canvas); outline: 1px solid #8884; }
.skeleton { background-image: repeating-linear-gradient(#8880 0 calc(20% - 1px), #8884 calc(20% - 1px) 20%); }
.skeleton, .told { display: grid; place-content: center; justify-items: center; gap: 10px; text-align: center; }
.told { position: absolute; inset: 16px; }
.pictured > .skeleton, .notice:not(.beside) > summary { display: none; }
.beside { inset: auto 0 0 auto; outline: 0; background: none; }
.beside .told { inset: auto 0 100% auto; width: max-content; max-width: 300px; padding: 12px; }
.link { left: 0; bottom: 0; padding: 4px 8px; z-index: 4; background: var(--background); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.layer:focus-visible, .table:focus-visible { outline-offset: -2px; }
@media (forced-colors: active) {
  /* The reader's colours for ground, texts and lines; series keep colour and mark, or nothing would tell them apart. */
  .stage { --background: Canvas !important; --strong: CanvasText !important; --text: CanvasText !important; --quiet: CanvasText !important; --axis: CanvasText !important; --grid: GrayText !important; --shade: Canvas !important; }
  .drawing svg, .ring { forced-color-adjust: none; }
}
@media print { .stage > :not(.drawing), .notice { display: none; } }
`);

// As wide as there is room; its own width is what it asks for where a page takes its width from what it holds.
export const OUTSIDE = sheetOf("statute-chart img { min-width: 100%; max-width: 100%; height: auto; }");

const GROUND = ["background", "strong", "text", "quiet", "axis", "grid", "shade"];
const sheets = new Map();

/** Returns a style sheet that lets the page put its own colours in the place of those that a picture is drawn with. */
export function colorsOf({ ground, colors }) {
  const key = `${ground} ${colors}`;
  if (sheets.has(key)) return sheets.get(key);
  const rule = (color, name) => `.stage { --${name}: var(--statute-chart-${name}, ${color}) } .drawing [fill="${color}"] { fill: var(--${name}) } .drawing [stroke="${color}"] { stroke: var(--${name}) }`;
  const rules = [...ground, ...colors].map((color, index) => rule(color, GROUND[index] ?? `series-${index - 6}`));
  sheets.set(key, sheetOf(rules.join("")));
  return sheets.get(key);
}
