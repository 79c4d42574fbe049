// The pin of a house beside its two fields. Without this script the two fields are enough.
"use strict";

document.querySelectorAll("[data-picker]").forEach((picker) => {
  const field = (name) => document.getElementById(`id_${name}`);
  const put = (lat, lon, look) => {
    field("lat").value = lat;
    field("lon").value = lon;
    field("lat").dispatchEvent(new Event("input", { bubbles: true }));
    field("lat").dispatchEvent(new Event("change", { bubbles: true }));
    if (look) picker.querySelector("[data-map]").drawer?.look([Number(lat), Number(lon)], 17);
  };
  picker.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-lat]");
    if (chosen) put(chosen.dataset.lat, chosen.dataset.lon, true);
  });
  // Enter in the search would send the form around it.
  picker.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.id === "place") event.preventDefault();
  });
  // Some five metres a key; with Shift fifty.
  const STEP = 0.00005;
  const WAYS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  picker.querySelector("[data-pin-keys]").addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const at = ["lat", "lon"].map((name) => parseFloat(field(name).value.replace(",", ".")));
    if (!way || !at.every(Number.isFinite)) return;
    event.preventDefault();
    const far = STEP * (event.shiftKey ? 10 : 1);
    put((at[0] + way[0] * far).toFixed(6), (at[1] + way[1] * far).toFixed(6), false);
  });
});
