// Keeps the rider's own pages readable without network: the network first, else what was seen last.
// A page that the server no longer gives him is forgotten at once, so nobody's address stays behind.
const KEPT = "rider-pages";
const HIS = /^\/(dispatch\/rider($|\/orders\/)|medicine\/orders\/[^/]+\/hand-over$|parcels\/[^/]+\/hand-over$|vouchers\/redeem$|static\/)/;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.pathname === "/keluar") event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET" || url.origin !== self.location.origin || !HIS.test(url.pathname)) return;
  event.respondWith((async () => {
    const kept = await caches.open(KEPT);
    try {
      const answer = await fetch(request);
      if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
      else await kept.delete(request);
      return answer;
    } catch (error) {
      const last = await kept.match(request);
      if (last) return last;
      throw error;
    }
  })());
});
