// The board listens for hints and then fetches its live part anew; without this it is a plain page.
(() => {
  const board = document.getElementById("board");
  const state = document.getElementById("live-state");
  if (!board || !window.EventSource) return;
  let waiting = false;
  const refresh = () => {
    if (waiting) return;
    waiting = true;
    // Many hints in one breath are one fetch.
    setTimeout(() => { waiting = false; htmx.trigger(board, "refresh"); }, 700);
  };
  const stream = new EventSource(board.dataset.stream);
  stream.onopen = () => { state.textContent = state.dataset.live; refresh(); };
  stream.onerror = () => { state.textContent = state.dataset.lost; };
  stream.onmessage = refresh;
  stream.addEventListener("board", refresh);
})();
