// The same map for a phone without WebGL: Leaflet, on a canvas.
(() => {
  const tilesLayer = (tiles, look) => {
    const kind = (...wanted) => (_zoom, feature) => wanted.includes(feature.props.kind);
    const fill = (dataLayer, filter, color) => ({ dataLayer, filter, symbolizer: new protomapsL.PolygonSymbolizer({ fill: color }) });
    const road = ([name, small, large]) => ({
      dataLayer: "roads", filter: kind(name),
      symbolizer: new protomapsL.LineSymbolizer({ color: look.road[name], width: (zoom) => Math.max(0.5, small + (large - small) * Math.max(0, (zoom - 10) / 7) ** 2) }),
    });
    const isArea = (_zoom, feature) => feature.geomType === 3;
    return protomapsL.leafletLayer({
      url: tiles, backgroundColor: look.ground, attribution: "© OpenStreetMap", maxDataZoom: 14, lang: "id",
      paintRules: [
        ...Object.entries(look.land).map(([name, color]) => fill("land", kind(name), color)),
        fill("water", isArea, look.water),
        { dataLayer: "water", filter: (_zoom, feature) => feature.geomType === 2, symbolizer: new protomapsL.LineSymbolizer({ color: look.stream, width: 1.5 }) },
        fill("buildings", undefined, look.building),
        ...window.gancangRoads.map(road),
      ],
      labelRules: [
        { dataLayer: "places", symbolizer: new protomapsL.CenteredTextSymbolizer({ labelProps: ["name"], fill: look.text, stroke: look.halo, width: 2, font: "600 14px sans-serif" }) },
        { dataLayer: "roads", minzoom: 14, symbolizer: new protomapsL.LineLabelSymbolizer({ labelProps: ["name"], fill: look.soft, stroke: look.halo, width: 2, font: "12px sans-serif" }) },
        { dataLayer: "landmarks", minzoom: 15, symbolizer: new protomapsL.CenteredTextSymbolizer({ labelProps: ["name"], fill: look.soft, stroke: look.halo, width: 2, font: "12px sans-serif" }) },
      ],
    });
  };

  const groundLayer = (ground, look, canvas) => {
    const layer = L.layerGroup();
    for (const each of ground.villages) {
      L.circleMarker([each.lat, each.lon], { renderer: canvas, radius: 3, stroke: false, fillColor: look.soft, fillOpacity: 0.7 }).bindTooltip(each.name).addTo(layer);
    }
    for (const each of ground.districts) {
      L.tooltip([each.lat, each.lon], { permanent: true, direction: "center", className: "map-name", content: each.name }).addTo(layer);
    }
    return layer;
  };

  // A point with its letter, for who cannot tell the colours apart.
  const marked = () => L.CircleMarker.extend({
    _updatePath() {
      L.CircleMarker.prototype._updatePath.call(this);
      const { mark, color } = this.options;
      if (!mark || !this._renderer._drawing || this._empty()) return;
      const draw = this._renderer._ctx;
      Object.assign(draw, { fillStyle: color, globalAlpha: 1, font: "700 11px sans-serif", textAlign: "center", textBaseline: "middle" });
      draw.fillText(mark, this._point.x, this._point.y);
    },
  });

  window.gancangPlain = (element, { tiles, box, ground, dark }) => {
    const look = window.gancangLook(dark);
    const map = L.map(element, { maxZoom: 18, zoomControl: true, attributionControl: true });
    const canvas = L.canvas({ padding: 0.5 });
    map.fitBounds([[box[1], box[0]], [box[3], box[2]]]);
    map.attributionControl.setPrefix("");
    element.style.background = look.ground;
    (tiles ? tilesLayer(tiles, look) : groundLayer(ground, look, canvas)).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const shown = L.layerGroup().addTo(map);
    element.dataset.drawn = "yes";

    const words = (place) => {
      const text = document.createElement("div");
      const title = text.appendChild(document.createElement(place.href ? "a" : "strong"));
      title.textContent = place.title;
      if (place.href) title.href = place.href;
      if (place.text) text.appendChild(document.createElement("p")).textContent = place.text;
      return text;
    };
    const byId = new Map();
    const Marked = marked();
    return {
      map,
      move(moved) {
        for (const [number, lat, lon] of moved) byId.get(`rider-${number}`)?.setLatLng([lat, lon]);
      },
      show({ points = [], lines = [], heat = [] }, first) {
        shown.clearLayers();
        byId.clear();
        for (const each of heat) L.circleMarker([each.lat, each.lon], { renderer: canvas, radius: 18, stroke: false, fillColor: look.kinds.late, fillOpacity: 0.12 * each.weight }).addTo(shown);
        for (const each of lines) L.polyline(each.points, { renderer: canvas, color: look.kinds[each.kind] || look.kinds.rider, weight: 4, opacity: 0.75 }).addTo(shown);
        for (const each of points) byId.set(each.id, new Marked([each.lat, each.lon], { renderer: canvas, mark: each.mark, radius: each.size || 9, color: look.halo, weight: 2, fillColor: look.kinds[each.kind] || look.kinds.quiet, fillOpacity: 1 }).bindPopup(() => words(each)).addTo(shown));
        if (first && points.length) map.fitBounds(points.map((each) => [each.lat, each.lon]), { padding: [40, 40], maxZoom: 15, animate: false });
      },
      look(at, zoom) { map.setView(at, zoom, { animate: false }); },
      pin(at, moved) {
        let marker = null;
        const put = (to) => {
          if (marker) { marker.setLatLng(to); return; }
          marker = L.circleMarker(to, { radius: 11, color: look.halo, weight: 3, fillColor: look.kinds.house, fillOpacity: 1 }).addTo(map);
        };
        if (at) put(at);
        map.on("click", ({ latlng }) => { put([latlng.lat, latlng.lng]); moved([latlng.lat, latlng.lng]); });
        return put;
      },
    };
  };
})();
