// The open menu goes away by Escape, or when something beside it is touched. Without this it is closed where it was opened.
"use strict";
(() => {
  const menu = document.querySelector("details.menu-all");
  if (!menu) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  for (const left of ["click", "focusin"])
    document.addEventListener(left, (event) => { if (!menu.contains(event.target)) menu.open = false; });
})();
