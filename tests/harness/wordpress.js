// A model of WordPress on a page with a frame of an unknown provider, after wp-includes/js/wp-embed.js:
// frames send their height and the address that a reader wants to open; every other message is ignored.
(() => {
  const framesOf = (secret) => document.querySelectorAll(`iframe[data-secret="${secret}"]`);
  globalThis.messages = [];

  addEventListener("message", ({ data, source }) => {
    if (!data || typeof data !== "object") return;
    const { message, secret, value } = data;
    if (!message && !secret && !value) return;
    if (/[^a-zA-Z0-9]/.test(secret)) return;
    messages.push({ message, secret, value });
    for (const quote of document.querySelectorAll(`blockquote[data-secret="${secret}"]`)) quote.style.display = "none";
    for (const frame of framesOf(secret)) {
      if (source !== frame.contentWindow) continue;
      frame.removeAttribute("style");
      if (message === "height") {
        const height = parseInt(value, 10);
        frame.height = height > 1000 ? 1000 : ~~height < 200 ? 200 : height;
      }
      if (message === "link") {
        const [own, wanted] = [new URL(frame.getAttribute("src")), new URL(value)];
        const web = /^https?:$/i.test(wanted.protocol);
        if (web && wanted.host === own.host && document.activeElement === frame) top.location.href = value;
      }
    }
  });

  // A frame that was ready before this script listened is asked to send its height again.
  const greet = () => {
    for (const frame of document.querySelectorAll("iframe.wp-embedded-content")) {
      frame.contentWindow.postMessage({ message: "ready", secret: frame.getAttribute("data-secret") }, "*");
    }
  };
  addEventListener("DOMContentLoaded", greet);
  addEventListener("load", greet);
})();
