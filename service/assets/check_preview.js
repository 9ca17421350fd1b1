// How a package would look once it is published: the worker draws the charts, and they are shown as pictures that load nothing.

/** Widths of a picture, in pixels: on a phone, and anywhere else. They are those of the published pages. */
const [NARROW, WIDE] = [375, 800];
/** What can be published can be drawn. */
const DRAWN = /^(accept|accept_with_warning|reject_rows)$/;

/** Returns the part of the page with the charts, which are drawn at a click. */
function preview(verdict) {
  if (!DRAWN.test(verdict)) return [];
  const state = make("p", { className: "quiet" });
  state.setAttribute("role", "status");
  const draw = button(texts.preview_draw, () => {
    draw.disabled = true;
    state.textContent = texts.preview_drawing;
    worker?.postMessage({ preview: [language, matchMedia("(max-width: 640px)").matches ? NARROW : WIDE] });
  });
  return [make("section", { id: "preview" }, make("h3", {}, texts.preview), make("p", {}, texts.preview_what), make("p", { className: "offers" }, draw), state)];
}

/** Returns a chart as a figure, marked as not published. */
function previewed({ title, statute, svg, alt }) {
  const picture = svg
    ? make("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, alt })
    : make("p", { className: "quiet" }, texts.preview_table);
  return make("figure", {}, make("figcaption", {}, make("strong", {}, texts.preview_mark), ` ${title} (${statute})`), picture);
}

/** Shows the charts in the place of the button. */
function showPreview(drawn) {
  const part = inside("preview");
  if (!part) return;
  const charts = drawn?.charts ?? [];
  part.querySelector(".offers").remove();
  part.querySelector("[role=status]").textContent = drawn ? (charts.length ? fill("preview_done", { count: figures.format(charts.length) }) : texts.preview_none) : texts.failed_read;
  part.append(...charts.map(previewed));
  if (drawn?.more) part.append(make("p", { className: "quiet" }, fill("preview_more", { count: figures.format(drawn.more) })));
}
