// The little the pages need beyond htmx. Everything works without it, only with more page loads.

const announce = (words) => {
  const place = document.getElementById("announcer");
  if (place) place.textContent = words;
};

// One click, one request: a form that was sent ignores further clicks until it is answered.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("data-working", "");
  },
  true,
);

const release = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[data-working]").forEach((button) => button.removeAttribute("data-working"));
};
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
// Coming back with the browser's back button shows the page as it was left: sent, but answered.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// A poll that brings nothing new must not be read aloud again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (!target?.hasAttribute("data-progress")) return;
  if (target.portalLast === serverResponse) event.detail.shouldSwap = false;
  target.portalLast = serverResponse;
});

// After a swap the focus goes where the reader must look next, or back to what was used.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const wanted = part.querySelector?.("[data-focus]");
  if (wanted) wanted.focus();
  // What was used is gone (a page link in a list, say): start again at the top of what came.
  else if (document.activeElement === document.body && part.matches?.("[tabindex='-1']")) part.focus();
  const words = part.querySelector?.("[data-announce]")?.dataset.announce;
  if (words) announce(words);
});

document.addEventListener("htmx:sendError", () => {
  announce("The portal did not answer. Check your connection and try again.");
});

// A page that comes back with errors starts at their summary.
document.querySelector("[data-focus]")?.focus();

// Small menus close as people expect: with Escape and with a click elsewhere.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

const readable = (bytes) =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

// A chosen file is named with its size, and one that is too large is refused before it travels.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file]")) return;
  const place = input.closest(".file-upload")?.querySelector("[data-chosen]");
  const file = input.files[0];
  const limit = Number(input.dataset.maxBytes || 0);
  const tooLarge = Boolean(file && limit && file.size > limit);
  const size = file ? readable(file.size) : "";
  input.setCustomValidity(tooLarge ? `This file has ${size}. The limit is ${readable(limit)}.` : "");
  if (tooLarge) input.reportValidity();
  if (place) place.textContent = file ? `Chosen: ${file.name} (${size})` : "";
});

// What was typed to correct a file outlives a change of view or page: it moves into the fields that come,
// or travels unseen in the form when its field is not among them.
const typed = new Map();
const isTyped = (field) =>
  field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
document.addEventListener("htmx:beforeSwap", (event) => {
  const fields = [...(event.detail.target?.querySelectorAll?.("[form=fix]") ?? [])];
  // A cell can be there twice, alone and in its whole row: what was typed into either counts.
  fields.forEach((field) => typed.delete(field.name));
  fields
    .filter(isTyped)
    .forEach((field) => typed.set(field.name, field.type === "checkbox" ? field.checked : field.value));
});
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.elt.querySelector?.("#fix");
  if (!form) return;
  typed.forEach((value, name) => {
    const field = event.detail.elt.querySelector(`[form=fix][name="${CSS.escape(name)}"]`);
    if (field?.type === "checkbox") field.checked = value;
    else if (field) field.value = value;
    else if (value !== false) {
      const unseen = document.createElement("input");
      Object.assign(unseen, { type: "hidden", name, value: value === true ? "yes" : value });
      form.append(unseen);
    }
  });
});
