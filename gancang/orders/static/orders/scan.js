// Read the codes on bags with the camera, where the browser can (BarcodeDetector). Typing always works.
(() => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  const detector = new BarcodeDetector();
  for (const input of document.querySelectorAll("input[data-scan]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet wide";
    button.textContent = input.dataset.scan;
    const video = document.createElement("video");
    video.className = "camera";
    video.playsInline = video.muted = true;
    video.hidden = true;
    input.after(button, video);
    let stream = null;

    const stop = () => {
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      video.hidden = true;
      button.textContent = input.dataset.scan;
    };
    const take = (code) => {
      const known = input.value.toUpperCase().split(/[\s,;]+/).filter(Boolean);
      if (known.includes(code)) return;
      input.value = [...known, code].join(" ");
      navigator.vibrate?.(80);
    };
    const look = async () => {
      if (!stream) return;
      const found = await detector.detect(video).catch(() => []);
      for (const { rawValue } of found) take(rawValue.trim().toUpperCase());
      setTimeout(look, 250);
    };
    button.addEventListener("click", async () => {
      if (stream) { stop(); return; }
      // The camera may be refused or taken: then the code is typed.
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
      if (!stream) { input.focus(); return; }
      video.srcObject = stream;
      video.hidden = false;
      button.textContent = input.dataset.stop;
      await video.play();
      look();
    });
    input.form.addEventListener("submit", stop);
  }
})();
