// Tries each way to a server, and waits until it has worked or failed. A worker has no document. The test puts a server in the
// place of BASE and the name of the place in that of WHERE, and runs it as the body of an asynchronous function.

const [base, where] = [BASE, WHERE];
const to = (way) => `${base}/${where}-${way}?secret`;
const ended = (target, ...events) => new Promise((done) => {
  for (const event of events) target.addEventListener(event, done);
  setTimeout(done, 1000);
});
const tried = [];
const attempt = (way, act) => tried.push((async () => { try { await act(to(way)); } catch { } })());
attempt("fetch", (url) => fetch(url, { mode: "no-cors" }));
attempt("beacon", (url) => navigator.sendBeacon?.(url, "secret"));
attempt("keepalive", (url) => fetch(url, { mode: "no-cors", method: "POST", body: "secret", keepalive: true }));
attempt("xhr", (url) => { const asked = new XMLHttpRequest(); asked.open("GET", url); asked.send(); return ended(asked, "loadend"); });
attempt("socket", (url) => ended(new WebSocket(url.replace("http", "ws")), "error", "close", "open"));
attempt("events", (url) => ended(new EventSource(url), "error", "open"));
attempt("import", (url) => import(url));
attempt("worker", (url) => ended(new Worker(url), "error", "message"));
attempt("transport", (url) => new WebTransport(url.replace("http:", "https:")).ready);
if (globalThis.importScripts) attempt("scripts", (url) => importScripts(url));
if (globalThis.document) {
  const add = (name, properties, parent = document.body) => {
    const made = Object.assign(document.createElement(name), properties);
    parent.append(made);
    return ended(made, "load", "error", "loadeddata");
  };
  attempt("image", (url) => add("img", { src: url }));
  attempt("srcset", (url) => add("img", { srcset: `${url} 1x` }));
  attempt("script", (url) => add("script", { src: url }, document.head));
  attempt("style", (url) => add("link", { rel: "stylesheet", href: url }, document.head));
  attempt("preload", (url) => add("link", { rel: "preload", as: "image", href: url }, document.head));
  attempt("modulepreload", (url) => add("link", { rel: "modulepreload", href: url }, document.head));
  attempt("prefetch", (url) => add("link", { rel: "prefetch", href: url }, document.head));
  attempt("icon", (url) => add("link", { rel: "icon", href: url }, document.head));
  attempt("manifest", (url) => add("link", { rel: "manifest", href: url }, document.head));
  attempt("frame", (url) => add("iframe", { src: url }));
  attempt("srcdoc", (url) => add("iframe", { srcdoc: `<img src="${url}">` }));
  attempt("object", (url) => add("object", { data: url }));
  attempt("embed", (url) => add("embed", { src: url }));
  attempt("video", (url) => add("video", { src: url, preload: "auto" }));
  attempt("track", (url) => add("audio", { src: url, preload: "auto" }));
  attempt("css", (url) => { document.body.style.backgroundImage = `url(${url})`; return ended(document.body, "x"); });
  attempt("font", (url) => new FontFace("own", `url(${url})`).load());
  attempt("svg", (url) => { document.body.insertAdjacentHTML("beforeend", `<svg><image href="${url}"/><use href="${url}#a"/></svg>`); return ended(document.body, "x"); });
  attempt("shared", (url) => ended(new SharedWorker(url), "error"));
  attempt("service", (url) => navigator.serviceWorker.register(url));
  attempt("own-service", () => navigator.serviceWorker.register("/check"));
  attempt("base", (url) => { document.head.prepend(Object.assign(document.createElement("base"), { href: `${base}/` })); return add("img", { src: `${where}-base?secret` }); });
  attempt("form", (url) => {
    add("iframe", { name: "target" });
    const form = Object.assign(document.createElement("form"), { action: url, method: "post", target: "target" });
    document.body.append(form);
    form.submit();
    return ended(form, "x");
  });
  attempt("ping", (url) => { const link = Object.assign(document.createElement("a"), { href: `${location.href.split("#")[0]}#x`, ping: url }); document.body.append(link); link.click(); return ended(link, "x"); });
}
await Promise.all(tried);
