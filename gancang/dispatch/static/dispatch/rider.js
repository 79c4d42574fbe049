// While a rider is on shift: look for new work. The page works without it.
// Nobody's half-typed form is lost: the page is only read anew where there is nothing typed.
setInterval(() => { if (document.visibilityState === "visible") location.reload(); }, 20000);
