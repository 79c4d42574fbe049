// While a rider works: tell where he is, and say honestly on the page whether it arrived.
// On his break and off shift the server does not name this script.
(() => {
  const line = document.querySelector("[data-being-seen]");
  if (!line || !navigator.geolocation) return;
  const every = 20000;
  let last = 0;
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const clock = () => new Date().toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: line.dataset.zone });
  navigator.geolocation.watchPosition((seen) => {
    const { latitude: lat, longitude: lon } = seen.coords;
    // His own point on his own map follows every step.
    document.dispatchEvent(new CustomEvent("here", { detail: [lat, lon] }));
    if (Date.now() - last < every) return;
    last = Date.now();
    const told = [{ lat, lon, at: new Date(seen.timestamp).toISOString() }];
    fetch("/live/positions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) })
      .then((answer) => say(answer.ok ? line.dataset.sent.replace("{when}", clock()) : line.dataset.unsent))
      .catch(() => say(line.dataset.unsent));
  }, (error) => { if (error.code === error.PERMISSION_DENIED) say(line.dataset.denied); }, { enableHighAccuracy: true });
})();
