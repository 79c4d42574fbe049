// The map drawn by MapLibre GL, from vector tiles of our own, or on plain ground without any.
(() => {
  const kindOf = (table, other) => ["match", ["get", "kind"], ...Object.entries(table).flat(), other];
  const isLine = ["==", ["geometry-type"], "LineString"];
  const is = (...kinds) => ["in", ["get", "kind"], ["literal", kinds]];
  const growing = (small, large) => ["interpolate", ["exponential", 1.6], ["zoom"], 10, small, 17, large];
  const label = (id, source, look, more) => ({
    id, type: "symbol", source, ...more,
    layout: { "text-field": ["get", "name"], "text-size": 13, "text-padding": 4, ...more.layout },
    paint: { "text-color": look.text, "text-halo-color": look.halo, "text-halo-width": 1.8, ...more.paint },
  });

  const fromTiles = (look) => {
    const layer = (id, type, from, paint, more = {}) => ({ id, type, source: "tiles", "source-layer": from, paint, ...more });
    const roads = window.gancangRoads;
    return [
      layer("land", "fill", "land", { "fill-color": kindOf(look.land, look.ground) }),
      layer("water", "fill", "water", { "fill-color": look.water }, { filter: ["!", isLine] }),
      layer("streams", "line", "water", { "line-color": look.stream, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 16, ["match", ["get", "kind"], "river", 6, 2]] }, { filter: isLine }),
      layer("buildings", "fill", "buildings", { "fill-color": look.building }, { minzoom: 13 }),
      ...roads.map(([kind, small, large]) => layer(`under-${kind}`, "line", "roads", { "line-color": look.line, "line-width": growing(small + 0.6, large + 2), "line-opacity": kind === "path" || kind === "track" ? 0 : 0.55 }, { filter: is(kind), layout: { "line-cap": "round", "line-join": "round" } })),
      ...roads.map(([kind, small, large]) => layer(`road-${kind}`, "line", "roads", { "line-color": look.road[kind], "line-width": growing(small, large), ...(kind === "path" ? { "line-dasharray": [2, 1.5] } : {}) }, { filter: is(kind), layout: { "line-cap": kind === "path" ? "butt" : "round", "line-join": "round" } })),
      layer("rail", "line", "roads", { "line-color": look.rail, "line-width": 1.5, "line-dasharray": [4, 3] }, { filter: is("rail") }),
      layer("ferry", "line", "roads", { "line-color": look.ferry, "line-width": 1.5, "line-dasharray": [3, 3] }, { filter: is("ferry") }),
      label("road-names", "tiles", look, { "source-layer": "roads", minzoom: 13, filter: ["has", "name"], layout: { "symbol-placement": "line", "text-size": 12 }, paint: { "text-color": look.soft } }),
      label("water-names", "tiles", look, { "source-layer": "water", minzoom: 12, filter: ["all", ["has", "name"], isLine], layout: { "symbol-placement": "line", "text-size": 12 }, paint: { "text-color": look.ferry } }),
      label("landmarks", "tiles", look, { "source-layer": "landmarks", minzoom: 14, layout: { "text-size": 12, "text-max-width": 8 }, paint: { "text-color": look.soft } }),
      label("places", "tiles", look, { "source-layer": "places", layout: { "text-size": ["match", ["get", "kind"], "city", 19, "town", 17, "village", 14, 12] } }),
    ];
  };

  const onPlainGround = (look) => [
    { id: "village-dots", type: "circle", source: "ground", filter: ["==", ["get", "kind"], "village"], minzoom: 9, paint: { "circle-radius": 3, "circle-color": look.soft, "circle-opacity": 0.7 } },
    label("village-names", "ground", look, { minzoom: 10.5, filter: ["==", ["get", "kind"], "village"], layout: { "text-size": 12, "text-offset": [0, 0.9] }, paint: { "text-color": look.soft } }),
    label("district-names", "ground", look, { maxzoom: 13, filter: ["==", ["get", "kind"], "district"], layout: { "text-size": 16 } }),
  ];

  // From afar points are smaller, or a regency is one heap of them.
  const seenFrom = (size) => ["interpolate", ["linear"], ["zoom"], 8, ["*", 0.75, size], 11, size];

  const things = (look) => [
    { id: "heat", type: "heatmap", source: "heat", paint: { "heatmap-radius": 28, "heatmap-opacity": 0.55, "heatmap-weight": ["get", "weight"] } },
    { id: "ways", type: "line", source: "lines", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": kindOf(look.kinds, look.kinds.rider), "line-width": 4, "line-opacity": 0.75 } },
    { id: "points", type: "circle", source: "points", paint: { "circle-radius": seenFrom(["coalesce", ["get", "size"], 9]), "circle-color": kindOf(look.kinds, look.kinds.quiet), "circle-stroke-color": look.halo, "circle-stroke-width": 2 } },
    { id: "marks", type: "symbol", source: "points", layout: { "text-field": ["get", "mark"], "text-size": seenFrom(11), "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": look.halo } },
  ];

  const collected = (features) => ({ type: "FeatureCollection", features });
  const point = (each) => ({ type: "Feature", geometry: { type: "Point", coordinates: [each.lon, each.lat] }, properties: each });
  const line = (each) => ({ type: "Feature", geometry: { type: "LineString", coordinates: each.points.map(([lat, lon]) => [lon, lat]) }, properties: { kind: each.kind } });

  const words = (place) => {
    const box = document.createElement("div");
    const title = box.appendChild(document.createElement(place.href ? "a" : "strong"));
    title.textContent = place.title;
    if (place.href) title.href = place.href;
    if (place.text) box.appendChild(document.createElement("p")).textContent = place.text;
    return box;
  };

  window.gancangGl = (element, { tiles, worker, box, ground, dark }) => {
    const look = window.gancangLook(dark);
    maplibregl.setWorkerUrl(worker);
    const sources = { ground: { type: "geojson", data: collected([...ground.villages.map((each) => ({ ...each, kind: "village" })), ...ground.districts.map((each) => ({ ...each, kind: "district" }))].map(point)) } };
    for (const name of ["points", "lines", "heat"]) sources[name] = { type: "geojson", data: collected([]) };
    if (tiles) {
      if (!window.gancangProtocol) {
        window.gancangProtocol = new pmtiles.Protocol();
        maplibregl.addProtocol("pmtiles", window.gancangProtocol.tile);
      }
      sources.tiles = { type: "vector", url: `pmtiles://${tiles}`, attribution: "© OpenStreetMap" };
    }
    const map = new maplibregl.Map({
      container: element,
      bounds: [[box[0], box[1]], [box[2], box[3]]],
      fitBoundsOptions: { padding: 16 },
      maxZoom: 18,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
      cooperativeGestures: element.dataset.pick === undefined && matchMedia("(pointer: coarse)").matches,
      attributionControl: { compact: false },
      style: {
        version: 8, sources,
        layers: [{ id: "ground", type: "background", paint: { "background-color": look.ground } }, ...(tiles ? fromTiles(look) : onPlainGround(look)), ...things(look)],
      },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl());
    const ready = new Promise((done) => map.once("load", () => { element.dataset.drawn = "yes"; done(); }));
    map.on("click", "points", (event) => {
      const place = event.features[0];
      new maplibregl.Popup({ maxWidth: "18rem" }).setLngLat(place.geometry.coordinates).setDOMContent(words(place.properties)).addTo(map);
    });
    map.on("mouseenter", "points", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "points", () => { map.getCanvas().style.cursor = ""; });

    let shown = [];
    return {
      map,
      // Riders by number, with where they are now: [[number, lat, lon], ...].
      move(moved) {
        const places = new Map(moved.map(([number, lat, lon]) => [`rider-${number}`, { lat, lon }]));
        shown = shown.map((each) => places.has(each.id) ? { ...each, ...places.get(each.id), kind: "rider" } : each);
        map.getSource("points")?.setData(collected(shown.map(point)));
      },
      async show({ points = [], lines = [], heat = [] }, first) {
        await ready;
        shown = points;
        map.getSource("points").setData(collected(points.map(point)));
        map.getSource("lines").setData(collected(lines.map(line)));
        map.getSource("heat").setData(collected(heat.map(point)));
        if (!first || !points.length) return;
        const around = new maplibregl.LngLatBounds();
        for (const each of points) around.extend([each.lon, each.lat]);
        map.fitBounds(around, { padding: 48, maxZoom: 15, animate: false });
      },
      look([lat, lon], zoom) { map.jumpTo({ center: [lon, lat], zoom }); },
      pin(at, moved) {
        const marker = new maplibregl.Marker({ color: look.kinds.house, draggable: true });
        const put = (to) => marker.setLngLat([to[1], to[0]]).addTo(map);
        if (at) put(at);
        const told = ({ lat, lng }) => { put([lat, lng]); moved([lat, lng]); };
        marker.on("dragend", () => told(marker.getLngLat()));
        map.on("click", (event) => told(event.lngLat));
        return put;
      },
    };
  };
})();
