// Without network a hand-over or a failure is kept on this device, numbered, and sent later.
// With network, and without this script, the forms are sent as forms.
(() => {
  const here = document.querySelector("[data-events]");
  if (!here || !window.indexedDB) return;
  const { events: address, worker, waiting, sent, refused } = here.dataset;
  if (navigator.serviceWorker) navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => {});

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open(`rider-${here.dataset.rider}`, 1); // a phone may have two riders
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("events", { keyPath: "sequence", autoIncrement: true });
      asked.result.createObjectStore("device");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const ask = async (store, mode, deed) => {
    const table = (await opened).transaction(store, mode).objectStore(store);
    return new Promise((resolve, reject) => {
      const asked = deed(table);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  };
  const deviceId = async () => {
    const known = await ask("device", "readonly", (t) => t.get("id"));
    if (known) return known;
    const fresh = crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
    await ask("device", "readwrite", (t) => t.put(fresh, "id"));
    return fresh;
  };
  const say = (text) => { here.textContent = text; here.hidden = !text; };
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

  let sending = false;
  const send = async () => {
    const events = await ask("events", "readonly", (t) => t.getAll());
    if (!events.length || sending) return;
    sending = true;
    say(waiting.replace("0", events.length));
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ device: await deviceId(), sent_at: new Date().toISOString(), events: events.slice(0, 50) }),
      });
      if (!answer.ok) return; // kept, and tried again
      let bad = false;
      for (const told of (await answer.json()).events) {
        if (told.state === "waiting") continue;
        bad ||= told.state === "refused";
        await ask("events", "readwrite", (t) => t.delete(told.sequence));
      }
      say(bad ? refused : sent);
    } catch { /* still no network: kept, and tried again */ } finally { sending = false; }
  };

  const base64 = (file) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.readAsDataURL(file);
  });
  for (const form of document.querySelectorAll("form[data-kind]")) {
    form.addEventListener("submit", async (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      const fields = {};
      for (const [name, value] of new FormData(form)) {
        if (name === "csrfmiddlewaretoken") continue;
        if (typeof value === "string") fields[name] = value;
        else if (value.size) fields[name] = await base64(value);
      }
      const kept = { kind: form.dataset.kind, order: form.dataset.order, at: new Date().toISOString(), fields };
      await ask("events", "readwrite", (t) => t.add(kept));
      form.querySelector("button:not([type=button])").disabled = true;
      say(waiting.replace("0", (await ask("events", "readonly", (t) => t.count()))));
      here.scrollIntoView();
    });
  }
  window.addEventListener("online", send);
  setInterval(send, 30000);
  send();
})();
