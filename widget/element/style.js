// How the element looks. Constructed style sheets: a Content-Security-Policy without 'unsafe-inline' allows them.

// Below this width, in CSS pixels, a chart is drawn taller, so that its labels stay legible.
export const NARROW = 600;

/** Makes a style sheet; nothing where there is no browser. */
function sheetOf(text) {
  const sheet = globalThis.CSSStyleSheet && new CSSStyleSheet();
  sheet?.replaceSync(text);
  return sheet;
}

export const INSIDE = sheetOf(`
:host { display: block; inline-size: 100%; }
:host([hidden]), [hidden] { display: none !important; }
.frame {
  --font: var(--statute-chart-font, "Noto Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
  --bg: var(--statute-chart-background, #fff); --strong: var(--statute-chart-strong, #161b22);
  --text: var(--statute-chart-text, #3d4550); --quiet: var(--statute-chart-quiet, #5b6571);
  --line: var(--statute-chart-grid, #e4e7eb); --shade: var(--statute-chart-shade, #f0f2f4);
  --edge: var(--statute-chart-axis, #8a939e); --accent: var(--statute-chart-accent, #0b5a7a);
  container-type: inline-size; position: relative; direction: ltr; text-align: start; color-scheme: light;
}
.frame.dark {
  --bg: var(--statute-chart-background, #161a20); --strong: var(--statute-chart-strong, #f2f4f6);
  --text: var(--statute-chart-text, #c9cfd6); --quiet: var(--statute-chart-quiet, #a3acb6);
  --line: var(--statute-chart-grid, #2d333b); --shade: var(--statute-chart-shade, #222830);
  --edge: var(--statute-chart-axis, #7a8490); --accent: var(--statute-chart-accent, #8cc8e0);
  color-scheme: dark;
}
.box { position: relative; aspect-ratio: var(--wide); }
@container (max-width: ${NARROW - 0.02}px) { .box { aspect-ratio: var(--narrow); } }
.drawn { aspect-ratio: auto; padding-block-end: var(--gap, 0); }
.drawn > slot, .drawn > .skeleton, .drawn > .notice { display: none; }
.stage { position: relative; font: 13px/1.4 var(--font); color: var(--text); }
.drawing svg { display: block; inline-size: 100%; block-size: auto; font-family: var(--font); }
.layer, .legend, .band, .ring, .tip, .controls, .badge, .reset, .panel, .table, .skeleton, .notice { position: absolute; }
.layer, .skeleton { inset: 0; }
.layer { touch-action: pan-y; overflow: hidden; }
.legend button { position: absolute; padding: 0; border: 0; border-radius: 4px; background: none; cursor: pointer; }
.legend button:hover { box-shadow: 0 0 0 1px var(--edge); }
.ring { box-sizing: border-box; border: 2px solid var(--strong); border-radius: 3px; box-shadow: 0 0 0 1px var(--bg); pointer-events: none; }
.ring.point { border-radius: 50%; }
.band { box-sizing: border-box; background: var(--accent); opacity: .22; border-inline: 1px solid; }
.tip { pointer-events: none; max-inline-size: min(270px, 100% - 8px); inline-size: max-content; box-sizing: border-box; padding: 8px 10px; z-index: 2;
  border: 1px solid var(--edge); border-radius: 6px; background: var(--bg); box-shadow: 0 2px 10px rgb(0 0 0 / .18); overflow-wrap: anywhere; }
.tip strong { display: block; font-size: 17px; line-height: 1.3; color: var(--strong); }
.quiet { color: var(--quiet); font-size: 12px; }
.source { margin-block-start: 4px; padding-block-start: 4px; border-block-start: 1px solid var(--line); }
.controls { display: flex; justify-content: flex-end; gap: 2px; white-space: nowrap; z-index: 3; }
.button { display: inline-flex; align-items: center; justify-content: center; gap: 5px; box-sizing: border-box; min-block-size: 28px; min-inline-size: 28px;
  padding: 0 8px; border: 1px solid var(--edge); border-radius: 5px; background: var(--bg); color: var(--text);
  font: 12px/1.2 var(--font); cursor: pointer; text-decoration: none; }
.controls .button { flex: 0 1 auto; block-size: 100%; min-block-size: 24px; padding: 0 7px; border-color: transparent; }
.button:hover, .button[aria-expanded=true], .controls .button:hover { background: var(--shade); color: var(--strong); }
.controls .button[aria-expanded=true] { border-color: var(--edge); }
.signs { gap: 4px; }
.signs .button { flex: 1 1 36px; max-inline-size: 44px; padding: 0; }
.signs span, .hush { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { inline-size: 15px; block-size: 15px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.4; stroke-linejoin: round; stroke-linecap: round; }
.signs .icon { inline-size: 18px; block-size: 18px; }
.panel, .table { box-sizing: border-box; overflow: auto; background: var(--bg); color: var(--text); z-index: 3; overscroll-behavior: contain; }
.panel { inset-inline-end: 6px; inset-block-end: 44px; display: flex; flex-direction: column; gap: 10px; inline-size: 320px; max-inline-size: calc(100% - 12px);
  max-block-size: calc(100% - 52px); padding: 10px 14px 14px; border: 1px solid var(--edge); border-radius: 8px; box-shadow: 0 4px 18px rgb(0 0 0 / .2); }
.panel > * { flex: none; margin: 0; }
.panel.upper { inset-block: 40px auto; }
.head { display: flex; justify-content: space-between; align-items: center; color: var(--strong); font-size: 14px; }
.shut { border-color: transparent; margin-inline-end: -8px; }
.panel label { display: flex; justify-content: space-between; align-items: center; gap: 12px; }
.field { min-block-size: 28px; font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--edge); border-radius: 5px; padding: 0 6px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; }
.citation { overflow-wrap: anywhere; padding: 8px; background: var(--shade); border-radius: 5px; user-select: all; }
.panel ul { padding-inline-start: 18px; }
.panel .button { min-block-size: 32px; }
a { color: var(--accent); }
.stage a:not(.button) { display: inline-block; min-block-size: 24px; line-height: 24px; }
.table { inset: 0; padding: 14px 16px 44px; }
table { border-collapse: collapse; inline-size: 100%; }
caption { text-align: start; padding-block-end: 8px; }
caption strong, h3 { font-size: 15px; color: var(--strong); }
h3 { margin: 16px 0 4px; font-size: 13px; }
.table ul { margin: 0; padding-inline-start: 18px; font-size: 12px; }
th, td { padding: 5px 12px 5px 0; text-align: start; vertical-align: top; border-block-end: 1px solid var(--line); font-weight: 400; }
thead th { position: sticky; inset-block-start: -14px; background: var(--bg); color: var(--quiet); font-size: 12px; vertical-align: bottom; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
td.number:not(.quiet) { color: var(--strong); }
.badge { inset: 6px 6px auto auto; z-index: 3; min-block-size: 26px; border-color: var(--accent); color: var(--accent); border-radius: 13px; font-weight: 600; }
.reset { z-index: 1; min-block-size: 24px; border-radius: 12px; }
.skeleton { display: grid; place-content: center; border: 1px solid var(--line); border-radius: 6px; color: var(--quiet); font: 13px/1.4 var(--font);
  background: repeating-linear-gradient(var(--bg) 0 calc(20% - 1px), var(--line) calc(20% - 1px) 20%); }
.pictured > .skeleton { display: none; }
.notice { font: 13px/1.45 var(--font); color: var(--text); }
.notice:not(.beside) { inset: 0; display: grid; place-content: center; padding: 16px; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; }
.told { display: grid; justify-items: center; gap: 10px; max-inline-size: 46ch; text-align: center; }
.status { margin: 0; overflow-wrap: anywhere; }
.beside { inset: auto 0 0 auto; display: grid; justify-items: end; gap: 4px; max-inline-size: 100%; }
.beside .told { background: var(--bg); }
.beside.open .told { padding: 12px 14px; border: 1px solid var(--edge); border-radius: 8px; box-shadow: 0 4px 18px rgb(0 0 0 / .2); }
.beside:not(.open) .told { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
.beside:not(.open) .told > button { display: none; }
.link { position: absolute; inset: auto auto 0 0; padding: 4px 8px; z-index: 4; background: var(--bg); font: 13px/1.4 var(--font); }
.link:not(:focus) { inline-size: 1px; block-size: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.layer:focus-visible, .table:focus-visible { outline-offset: -2px; }
@media (prefers-reduced-motion: no-preference) {
  .ring, .tip { transition: left .08s, top .08s; }
  .drawing svg * { transition: opacity .15s; }
}
@media (forced-colors: active) { .legend button:hover { outline: 1px solid; } }
@media print {
  .layer, .legend, .tip, .controls, .badge, .reset, .panel, .table, .link, .chip, .told button { display: none !important; }
}
`);

export const OUTSIDE = sheetOf("statute-chart img { inline-size: 100%; max-inline-size: 100%; block-size: auto; }");

const COLORS = ["background", "strong", "text", "quiet", "axis", "grid", "shade"];
const themes = new Map();

/** Returns the colours of a theme, and a style sheet that lets the page put its own in their place. */
export function themeOf(program, theme) {
  if (!themes.has(theme)) {
    const colors = program.palette(theme).split(" ");
    const name = (index) => COLORS[index] ?? `series-${index - COLORS.length + 1}`;
    const rules = colors.map((color, index) => {
      const value = `var(--statute-chart-${name(index)}, ${color})`;
      return `.drawing [fill="${color}"] { fill: ${value} } .drawing [stroke="${color}"] { stroke: ${value} }`;
    });
    themes.set(theme, { series: colors.slice(COLORS.length), sheet: sheetOf(rules.join("")) });
  }
  return themes.get(theme);
}
