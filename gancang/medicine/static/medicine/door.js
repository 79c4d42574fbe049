// At the door: draw a signature, shrink the photo, say what the device's clock and compass say.
// The page works without any of it.
(() => {
  const form = document.getElementById("door");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);

  form.addEventListener("submit", () => { field("device_at").value = new Date().toISOString(); });
  if (navigator.geolocation) {
    const here = form.querySelector("[data-here]");
    const take = (age) => navigator.geolocation.getCurrentPosition(({ coords }) => {
      field("lat").value = coords.latitude;
      field("lon").value = coords.longitude;
      field("accuracy").value = coords.accuracy;
      if (!here) return;
      const told = coords.accuracy > Number(here.dataset.here) ? here.dataset.poor : here.dataset.taken;
      here.querySelector("[role=status]").textContent = told.replace("{m}", Math.round(coords.accuracy));
    }, () => {}, { enableHighAccuracy: true, maximumAge: age });
    take(60000);
    if (here) {
      here.hidden = false;
      here.querySelector("button").addEventListener("click", () => take(0));
    }
  }

  const pad = form.querySelector(".signature");
  const [, , width, height] = pad.getAttribute("viewBox").split(" ").map(Number);
  const line = pad.querySelector("path");
  const into = document.getElementById(pad.dataset.into);
  const draw = (path) => { into.value = path; line.setAttribute("d", path); };
  const place = (touch) => {
    const box = pad.getBoundingClientRect();
    const within = (share, most) => Math.max(0, Math.min(most, Math.round(share * most)));
    return `${within((touch.clientX - box.left) / box.width, width)} ${within((touch.clientY - box.top) / box.height, height)}`;
  };
  let drawing = false;
  pad.addEventListener("pointerdown", (touch) => {
    drawing = true;
    pad.setPointerCapture(touch.pointerId);
    draw(`${into.value}M${place(touch)}`);
  });
  pad.addEventListener("pointermove", (touch) => {
    // What is longer than the server takes is not drawn, so that nobody signs in vain.
    if (drawing && into.value.length < 19900) draw(`${into.value}L${place(touch)}`);
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { drawing = false; });
  form.querySelector("[data-clear]").addEventListener("click", () => draw(""));
  draw(into.value);
  pad.parentElement.hidden = false;

  // A telephone's photo is several MB; on a thin line only what is kept is sent.
  field("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file || !window.createImageBitmap || !window.DataTransfer) return;
    const image = await createImageBitmap(file).catch(() => null);
    if (!image) return;
    const scale = Math.min(1, 1280 / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => {
      if (!blob) return;
      const small = new DataTransfer();
      small.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
      event.target.files = small.files;
    }, "image/jpeg", 0.8);
  });
})();
