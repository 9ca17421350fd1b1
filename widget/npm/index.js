// The element <statute-chart>, with all that it loads in the package. It is defined where there is a page. Elsewhere, as on a
// server that renders pages, nothing is touched: the picture inside the element is what readers get.

const isPage = typeof document === "object" && typeof HTMLElement === "function";

/** The module with the element; null where there is no page. */
export const ready = isPage ? import("./element.js") : Promise.resolve(null);

/** Draws an aggregate, given as parsed JSON, and returns the text of the SVG. */
export async function drawAnswer(answer, options) {
  const element = await ready;
  if (!element) throw new Error("drawAnswer needs a page; without one, ask the service for chart.svg");
  return element.drawAnswer(answer, options);
}
