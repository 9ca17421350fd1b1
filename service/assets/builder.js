// Keeps the builder live: after each change the page is asked for again with what the form says, and its parts take the places
// of those here. So the service alone decides what can be chosen, with and without this script.

const form = document.getElementById("builder");
// A field of the form is called `dataset`, which hides the property of that name.
const attribute = (element, name) => element.getAttribute(`data-${name}`);
const said = document.getElementById("said");
// A reader who types is not interrupted by each letter, in milliseconds.
const PAUSES = { text: 350, number: 350, search: 0 };
// On a phone the chart is as high as leaves room for the choices.
const beside = matchMedia("(min-width: 48rem)");
let turn = 0;
let timer = 0;
// The field whose letters made the newest step of the history.
let typedIn = "";

const partsOf = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));

/** What is chosen, as the form would send it; `button` is the one that was pressed, and `adds` says that what is typed is meant. */
function asked(button, adds) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  if (!adds) data.delete("add");
  const params = new URLSearchParams(data);
  for (const [name, value] of [...params]) if (!value) params.delete(name, value);
  const open = form.querySelector(".copies[open]")?.id.slice("copies-".length);
  if (open) params.set("copy", open);
  return params;
}

/** Shows what the form says, as a step of the history; the letters typed into one `field` are one step. */
async function update(button, adds, field = "") {
  const theirs = await visit(asked(button, adds));
  if (!theirs?.isNew) return;
  history[field && field === typedIn ? "replaceState" : "pushState"](null, "", theirs.address);
  typedIn = field;
}

/** Shows the page of a query; returns its form, its address, and whether that is another; nothing where there is none. */
async function visit(query) {
  clearTimeout(timer);
  turn += 1;
  const own = turn;
  const typed = document.getElementById("add").value;
  form.classList.add("busy");
  const answer = await fetch(`/charts/new?${query}`).catch(() => null);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  if (own !== turn) return;
  form.classList.remove("busy");
  const theirs = page.getElementById("builder");
  if (!theirs) {
    // Not a page of the builder: what is wrong stands in it.
    tell(page.querySelector("main p:last-of-type")?.textContent ?? "");
    return;
  }
  const address = attribute(theirs, "address");
  const isNew = address !== attribute(form, "address");
  take(theirs, typed);
  const [ours, other] = [document, page].map((from) => from.querySelectorAll(".top nav a"));
  ours.forEach((link, index) => { link.href = other[index]?.href ?? link.href; });
  return { theirs, address, isNew };
}

function tell(sentence) {
  const notes = partsOf(form).get("notes");
  notes.replaceChildren(Object.assign(document.createElement("p"), { className: "notice", textContent: sentence }));
  said.textContent = sentence;
}

/** Lets the parts of an answered page take the places of the parts here; what had the focus has it again. */
function take(theirs, typed) {
  const focused = document.activeElement?.id;
  const more = document.getElementById("add").value;
  const opened = new Map([...form.querySelectorAll("details[id]")].map(({ id, open }) => [id, open]));
  const parts = partsOf(theirs);
  for (const [name, part] of partsOf(form)) {
    const other = parts.get(name);
    if (other && !(name === "preview" && show(part, other))) part.replaceChildren(...other.childNodes);
  }
  for (const [id, open] of opened) {
    const details = document.getElementById(id);
    if (details && (open || details.classList.contains("copies"))) details.open = open;
  }
  const kept = ":scope > input[type=hidden]";
  form.querySelectorAll(kept).forEach((input) => input.remove());
  form.append(...theirs.querySelectorAll(kept));
  form.setAttribute("data-address", attribute(theirs, "address"));
  // What was typed since the page was asked for stays.
  if (more !== typed) document.getElementById("add").value = more;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  dress();
  said.textContent = form.querySelector(".notice")?.textContent ?? form.querySelector("statute-chart img")?.alt.slice(0, 200) ?? "";
}

/** Gives the chart that is here what the other is made of, so that it is drawn again and not begun again. */
function show(part, other) {
  const [chart, next] = [part, other].map((place) => place.querySelector("statute-chart"));
  if (!chart || !next) {
    if (next) loadChart();
    return false;
  }
  chart.replaceChildren(...next.childNodes);
  for (const name of ["src", "type", "theme", "title", "plain", "events", "axis", "height", "data-style"]) {
    const value = next.getAttribute(name);
    if (value === null) chart.removeAttribute(name);
    else if (chart.getAttribute(name) !== value) chart.setAttribute(name, value);
  }
  return true;
}

/** Loads the chart's script, which a page without a chart names only. */
function loadChart() {
  const named = document.querySelector("link[rel=modulepreload]");
  if (!named) return;
  const script = Object.assign(document.createElement("script"), { type: "module", src: named.href, integrity: named.integrity, crossOrigin: "anonymous" });
  document.head.append(script);
  named.remove();
}

/** Shows what only a script can use; and gives the picture the room that it has in the snippet, so that both charts are the same. */
function dress() {
  // Of styles in markup, this page's policy takes none.
  for (const styled of form.querySelectorAll("[data-style]")) {
    if (styled.localName !== "img" || beside.matches) styled.style.cssText = styled.dataset.style;
  }
  form.querySelectorAll("[data-copies]").forEach((button) => { button.hidden = !navigator.clipboard; });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  update(event.submitter, document.activeElement?.id === "add");
});
form.addEventListener("change", ({ target }) => {
  if (target.name && !(target.type in PAUSES)) update();
});
form.addEventListener("input", ({ target, inputType }) => {
  if (!(target.type in PAUSES)) return;
  clearTimeout(timer);
  // A colour that is half typed is none yet.
  if (target.pattern && !target.validity.valid) return;
  if (target.id === "add") {
    // A suggestion that was taken from the list is meant; words are meant with Enter.
    if (!inputType || inputType === "insertReplacementText") update(null, true);
    return;
  }
  timer = setTimeout(() => update(null, false, target.id), PAUSES[target.type]);
});
form.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copies);
  const usual = button.textContent;
  try {
    await navigator.clipboard.writeText(text.value);
    button.textContent = said.textContent = attribute(form, "copied");
    setTimeout(() => { button.textContent = usual; }, 2000);
  } catch {
    text.select();
  }
});
addEventListener("popstate", async () => {
  typedIn = "";
  const { theirs } = (await visit(location.search.slice(1))) ?? {};
  // What is typed into stands outside the parts that have been taken.
  for (const { id, type, value } of theirs?.querySelectorAll("input[id]") ?? []) {
    if (type in PAUSES) document.getElementById(id).value = value;
  }
});
// The reader who comes back from another page sees what the form says.
addEventListener("pageshow", ({ persisted }) => persisted && update());
new ResizeObserver(([{ target }]) => form.style.setProperty("--high", `${target.offsetHeight}px`)).observe(form.querySelector(".preview"));
form.querySelector(".show").hidden = true;
dress();
