// Tells the page around the frame how high the chart is in full, and which link was followed. The chart itself takes the
// height that the frame has, so a page that does not listen shows all of it too.
//
// Pages listen to one of two protocols: that of WordPress (wp-includes/js/wp-embed.js), which proves itself by a
// secret in the fragment and allows heights from 200 to 1000 pixels; and our own, for every other page.

const LOWEST = 200;
const HIGHEST = 1000;
const secret = /[?&#]secret=([\w-]+)/.exec(location.hash)?.[1];
// The sizes at which everything stands in full that the service has measured: of the wide picture, the narrow one, the narrowest.
const sizeOf = (selector, ...names) => names.map((name) => Number(document.querySelector(selector)?.getAttribute(name)));
const [wide, high] = sizeOf("statute-chart img", "width", "height");
const [narrow, higher] = sizeOf("statute-chart source[width]", "width", "height");
const [least, highest] = sizeOf("main", "data-width", "data-height");
// Who listens late hears it all the same: it is told again after these pauses, in milliseconds.
const PAUSES = [500, 1000, 2000, 4000, 8000, 16000, 32000];
let width = 0;

/** Tells the height in full at this width. It follows from the width alone: what the page makes of it changes nothing. */
function tell() {
  if (!innerWidth || !wide) return;
  // Between two of them: as between two points of a line, and never less than the narrow picture has.
  const between = higher + ((highest - higher) * (narrow - innerWidth)) / (narrow - least);
  const height = Math.ceil(innerWidth < wide ? Math.max(high, higher, between) : (innerWidth * high) / wide);
  parent.postMessage({ type: "chargesheet-height", height }, "*");
  if (secret !== undefined) parent.postMessage({ message: "height", value: Math.min(HIGHEST, Math.max(LOWEST, height)), secret }, "*");
}

if (parent !== window) {
  tell();
  for (const pause of PAUSES) setTimeout(tell, pause);
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    tell();
  });
  addEventListener("message", ({ data, source }) => {
    const asks = data?.type === "chargesheet-height" || (data?.message === "ready" && data.secret === secret);
    if (source === parent && asks) tell();
  });
  // A sandboxed frame may not open pages by itself: WordPress does it for a link to our own host.
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    // What the chart does by itself, such as saving a file, is no link that is followed.
    if (event.defaultPrevented || !link || secret === undefined || link.host !== location.host) return;
    event.preventDefault();
    parent.postMessage({ message: "link", value: link.href, secret }, "*");
  });
}
