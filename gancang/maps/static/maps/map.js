// A map is a help beside a table, never instead of it: without this script, or with a very slow
// line, the page is whole. It starts when it comes into view, or when somebody asks for it.
(() => {
  const loaded = {};
  const script = (url) => loaded[url] ||= new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = url;
    tag.onload = done;
    tag.onerror = () => { delete loaded[url]; tag.remove(); failed(new Error(url)); };
    document.head.append(tag);
  });
  const sheet = (url) => {
    if (document.querySelector(`link[href="${url}"]`)) return;
    const tag = document.createElement("link");
    tag.rel = "stylesheet";
    tag.href = url;
    document.head.append(tag);
  };
  const json = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  };
  const hasGl = () => {
    try { return Boolean(document.createElement("canvas").getContext("webgl")); } catch { return false; }
  };
  const isSlow = () => {
    const line = navigator.connection;
    return Boolean(line && (line.saveData || /2g/.test(line.effectiveType || "")));
  };

  const start = async (box) => {
    const wanted = box.dataset;
    const with_gl = hasGl() && wanted.plain === undefined;
    const files = JSON.parse(document.getElementById("map-files").textContent);
    const mine = with_gl ? files.gl : files.plain;
    mine.sheets.forEach(sheet);
    for (const url of mine.scripts) await script(url);
    const ground = await json(wanted.ground);
    const drawer = (with_gl ? window.gancangGl : window.gancangPlain)(box, {
      tiles: wanted.tiles ? new URL(wanted.tiles, location.href).href : "",
      worker: files.worker,
      box: wanted.box.split(",").map(Number),
      ground,
      dark: matchMedia("(prefers-color-scheme: dark)").matches,
    });
    box.drawer = drawer;
    box.dataset.state = "ready";
    if (wanted.things) follow(box, drawer, wanted);
    if (wanted.pick) pick(box, drawer, ground, wanted.pick);
    return drawer;
  };

  // Points, lines and heat from an address of ours; asked again at times, and when told to.
  const follow = (box, drawer, wanted) => {
    let asked = 0;
    const look = async () => {
      const mine = ++asked;
      try {
        const things = await json(wanted.things);
        if (mine === asked) drawer.show(things, asked === 1);
        box.dataset.seen = things.points.length;
      } catch { /* The next time will do; the table beside it is true. */ }
    };
    look();
    // Whoever looks at a map of his own way sees himself move on it; nobody is asked for that.
    document.addEventListener("here", ({ detail: [lat, lon] }) => drawer.move([["me", lat, lon]]));
    if (wanted.every) setInterval(() => document.visibilityState === "visible" && look(), 1000 * wanted.every);
    if (wanted.stream && window.EventSource) {
      const stream = new EventSource(wanted.stream);
      let soon = 0;
      const later = () => { soon ||= setTimeout(() => { soon = 0; look(); }, 2000); };
      stream.addEventListener("board", later);
      stream.addEventListener("moved", ({ data }) => drawer.move(JSON.parse(data)));
    }
  };

  // Where the house is: a pin that goes with two fields of the form beside it.
  const pick = (box, drawer, ground, prefix) => {
    const lat = document.getElementById(`${prefix}lat`);
    const lon = document.getElementById(`${prefix}lon`);
    const village = document.getElementById(`${prefix}village`);
    if (!lat || !lon) return;
    const typed = () => {
      const at = [lat.value, lon.value].map((text) => parseFloat(text.replace(",", ".")));
      return at.every(Number.isFinite) ? at : null;
    };
    const moved = (at) => {
      lat.value = at[0].toFixed(6);
      lon.value = at[1].toFixed(6);
      lat.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const pin = drawer.pin(typed(), moved);
    for (const field of [lat, lon]) field.addEventListener("input", () => typed() && pin(typed()));
    const there = () => {
      const found = ground.villages.find((each) => each.code === village.value || each.id === village.value);
      if (found && !typed()) drawer.look([found.lat, found.lon], 15);
    };
    if (village) { village.addEventListener("change", there); there(); }
    if (typed()) drawer.look(typed(), 16);
  };

  const begin = (box) => {
    if (box.dataset.state) return;
    box.dataset.state = "loading";
    start(box).catch(() => {
      box.dataset.state = "failed";
      box.textContent = box.dataset.failed;
    });
  };
  const boxes = () => {
    for (const box of document.querySelectorAll("[data-map]:not([data-state])")) {
      const button = box.querySelector("button");
      if (isSlow() && button) {
        button.hidden = false;
        button.onclick = () => begin(box);
      } else {
        seen.observe(box);
      }
    }
  };
  const seen = new IntersectionObserver((found) => {
    for (const one of found) if (one.isIntersecting) { seen.unobserve(one.target); begin(one.target); }
  });
  boxes();
  document.addEventListener("htmx:afterSettle", boxes);
})();
