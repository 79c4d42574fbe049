// The kitchen's page looks again every half minute, and rings while somebody waits for an answer.
"use strict";
const waits = Number(document.getElementById("ringing").dataset.count);
if (waits && "AudioContext" in window) {
  const audio = new AudioContext();
  [0, 0.4, 0.8].forEach((at) => {
    const tone = audio.createOscillator();
    tone.frequency.value = 880;
    tone.connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.2);
  });
}
// Not while somebody is typing an answer.
setInterval(() => {
  if (!document.activeElement || document.activeElement.tagName !== "INPUT") location.reload();
}, 30000);
