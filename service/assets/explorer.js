// Adds a button to every text that is there to be copied. Without script it can be selected by hand.
for (const text of document.querySelectorAll("textarea[data-copy]")) {
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
