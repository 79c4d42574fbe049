// The colours of the map: strong by day, in the sun; calm by night.
window.gancangLook = (dark) => dark ? {
  ground: "#161b18", water: "#16344a", stream: "#2f6187", building: "#2a322d", line: "#0b0e0c",
  land: { wood: "#17291d", field: "#1b241b", grass: "#1a2a1d", scrub: "#1a251c", homes: "#1d2320", works: "#22231f", sand: "#2a2719", rock: "#22241f", cemetery: "#1c2a20", care: "#33201f", school: "#2a2718" },
  road: { main: "#b7813a", primary: "#a57c43", secondary: "#8f8052", tertiary: "#6c7370", link: "#8f8052", street: "#545c57", service: "#434a46", track: "#4c4636", path: "#4c4636" },
  text: "#f1f4f1", soft: "#bac4bd", halo: "#121614", rail: "#5a6660", ferry: "#4d83ad",
  kinds: { rider: "#7db8f5", waiting: "#d7dcd9", underway: "#8be0a5", late: "#ff8f85", risk: "#ffcf8a", held: "#d6b3ff", counter: "#7fd6b1", near: "#7ed6d6", house: "#ffb86b", quiet: "#87938b" },
} : {
  ground: "#f4f1e8", water: "#a9cfe8", stream: "#6aa6d0", building: "#ddd5c6", line: "#8d8778",
  land: { wood: "#cfe3c4", field: "#e9ecd0", grass: "#d9ecc9", scrub: "#dbe8cc", homes: "#ebe6dc", works: "#e6e0e0", sand: "#f5eac2", rock: "#dfdcd6", cemetery: "#d3e2cf", care: "#f7dcd8", school: "#f5eccb" },
  road: { main: "#f0a04b", primary: "#f6bd68", secondary: "#f9dd8c", tertiary: "#ffffff", link: "#f9dd8c", street: "#ffffff", service: "#ffffff", track: "#cdbb94", path: "#b79f74" },
  text: "#1a1f1c", soft: "#4a534e", halo: "#fffdf7", rail: "#8a8f8c", ferry: "#3f7fae",
  kinds: { rider: "#124a7d", waiting: "#4a534e", underway: "#0b5d2e", late: "#9c1c1c", risk: "#8a4b00", held: "#5b2a86", counter: "#0a5c43", near: "#0f5f6b", house: "#b34700", quiet: "#79837d" },
};
// Width of a road in pixels at zoom 10 and at zoom 17, and which lies above which.
window.gancangRoads = [
  ["path", 0, 2], ["track", 0.3, 3], ["service", 0.2, 6], ["street", 0.4, 12], ["tertiary", 1, 15],
  ["link", 1, 12], ["secondary", 1.6, 17], ["primary", 2.2, 19], ["main", 2.6, 21],
];
