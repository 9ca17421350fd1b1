// Tells the page around the frame how high the chart is, and which link was followed.
//
// Pages listen to one of two protocols: that of WordPress (wp-includes/js/wp-embed.js), which proves itself by a
// secret in the fragment and allows heights from 200 to 1000 pixels; and our own, for every other page.

const LOWEST = 200;
const HIGHEST = 1000;
const secret = /[?&#]secret=([\w-]+)/.exec(location.hash)?.[1];
const main = document.querySelector("main");
let told = 0;

function measure() {
  // Read from the content, not from the window: else the frame would only ever grow.
  main.classList.remove("tall");
  const height = Math.ceil(main.getBoundingClientRect().height);
  const tall = height > HIGHEST;
  main.classList.toggle("tall", tall && secret !== undefined);
  if (tall && secret !== undefined) main.tabIndex = 0;
  else main.removeAttribute("tabindex");
  if (!height || height === told || window.parent === window) return;
  told = height;
  window.parent.postMessage({ type: "chargesheet-height", height }, "*");
  if (secret === undefined) return;
  const value = Math.min(HIGHEST, Math.max(LOWEST, height));
  window.parent.postMessage({ message: "height", value, secret }, "*");
}

if (main && window.parent !== window) {
  new ResizeObserver(measure).observe(main);
  measure();
  // A sandboxed frame may not open pages by itself: WordPress does it for a link to our own host.
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    // What the chart does by itself, such as saving a file, is no link that is followed.
    if (event.defaultPrevented || !link || secret === undefined || link.host !== location.host) return;
    event.preventDefault();
    window.parent.postMessage({ message: "link", value: link.href, secret }, "*");
  });
}
