// Adds a button to every text that is there to be copied. Without script it can be selected by hand.
const texts = [...document.querySelectorAll("textarea[data-copy]")];
for (const text of texts) {
  text.addEventListener("focus", () => text.select());
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = text.dataset.copied;
      setTimeout(() => (button.textContent = text.dataset.copy), 2000);
    } catch {
      text.focus();
    }
  });
  text.after(button);
}

// The years that a reader chooses in the chart belong to the address of the page and to all that is copied: both become what
// the service writes for these years. Without a choice they are those that the page was opened with.
const opened = new URL(location.href).searchParams;
let chosen = 0;
document.addEventListener("statute-chart-range", async ({ detail }) => {
  chosen += 1;
  const turn = chosen;
  const address = new URL(location.href);
  for (const [name, period] of Object.entries(detail)) {
    const wanted = period || opened.get(name);
    if (wanted) address.searchParams.set(name, wanted);
    else address.searchParams.delete(name);
  }
  const answer = await fetch(address).catch(() => null);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  if (!answer?.ok || turn !== chosen) return;
  history.replaceState(null, "", address);
  for (const text of texts) text.value = page.getElementById(text.id)?.value ?? text.value;
  // Downloads, citations and the page in other languages are of these years too, and so is what the form asks next.
  const following = (selector, follow) => {
    const [own, others] = [document, page].map((from) => from.querySelectorAll(selector));
    if (own.length === others.length) own.forEach((element, index) => follow(element, others[index]));
  };
  following(".copies a, .downloads a, .short a, .top nav a", (own, other) => { own.href = other.href; });
  following(".citation, .short", (own, other) => own.replaceChildren(...other.childNodes));
  following("form.choose #from, form.choose #to", (own, other) => {
    const { value } = other;
    own.replaceChildren(...other.childNodes);
    // Moved options do not say any more which of them is chosen.
    own.value = value;
  });
});

// Names that the search knows are suggested out of one list, which is asked for when the field is first used. What is typed is
// matched in the page and leaves it only with the search itself.
const field = document.querySelector("input[data-names]");
field?.addEventListener("focus", async () => {
  const answer = await fetch(field.dataset.names).catch(() => null);
  const { names = [] } = answer?.ok ? await answer.json() : {};
  field.list?.replaceChildren(...names.map((name) => new Option(name, name)));
}, { once: true });

// A figure that is chosen in the chart opens the evidence of the same figure in the table.
document.addEventListener("statute-chart-select", ({ detail: { groups, period, measure } }) => {
  const wanted = Object.entries({ ...groups, from: period, to: period, measure }).filter(([, value]) => value !== null);
  const is = ({ searchParams }) => groups && wanted.every(([name, value]) => searchParams.get(name) === String(value));
  [...document.querySelectorAll("td a.evidence")].find(({ href }) => is(new URL(href)))?.click();
});

// A number or an answer opens its evidence as a panel over the page. Where that fails, and without script, it is a page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a.evidence");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  // What had the focus has it again: the link, or the chart.
  let back = document.activeElement === document.body ? link : document.activeElement;
  while (back.shadowRoot?.activeElement) back = back.shadowRoot.activeElement;
  const answer = await fetch(link.href).catch(() => null);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  const content = page.querySelector("#evidence");
  if (!answer?.ok || !content) return location.assign(link.href);
  const panel = document.createElement("dialog");
  panel.setAttribute("aria-label", content.querySelector("h1").textContent);
  const form = document.createElement("form");
  form.method = "dialog";
  const close = document.createElement("button");
  close.textContent = page.documentElement.querySelector("[data-close]")?.dataset.close ?? "×";
  form.append(close);
  panel.append(form, ...content.childNodes);
  document.body.append(panel);
  panel.addEventListener("close", () => { panel.remove(); back.focus({ preventScroll: true }); });
  panel.addEventListener("click", (clicked) => clicked.target === panel && panel.close());
  panel.showModal();
});
