// At the desk without a mouse. Without this script everything works with Tab and Enter alike.
"use strict";

// In lists: "/" goes to the search, j and k to the next and the last row.
const links = () => [...document.querySelectorAll("table[data-rows] tbody tr a[href]")];

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "/") {
    document.getElementById("q")?.focus();
    event.preventDefault();
  }
  const step = { j: 1, k: -1 }[event.key];
  const found = links();
  if (!step || !found.length) return;
  const at = found.indexOf(document.activeElement);
  found[Math.min(Math.max(at + step, 0), found.length - 1)].focus();
});

// In a form that says so, Enter moves on to the next field; Ctrl and Enter, or the button, sends it.
document.querySelectorAll("form[data-enter-moves-on]").forEach((form) => {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input, select")) return;
    const fields = [...form.querySelectorAll("input, select, textarea, button")].filter(
      (field) => field.type !== "hidden" && !field.disabled && field.offsetParent,
    );
    event.preventDefault();
    if (event.ctrlKey) {
      form.requestSubmit();
      return;
    }
    // The answers to one question are one step.
    const own = ({ type, name }) => type === "radio" && name === event.target.name;
    fields.slice(fields.indexOf(event.target) + 1).find((field) => !own(field))?.focus();
  });
});
