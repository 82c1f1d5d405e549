// The clock of a task. The server says how many seconds are left; this page only counts on from there, with a clock that
// nobody can set, and asks again with every save.

const WARNINGS = [600, 300, 60];
const place = document.querySelector("[data-clock]");
const face = place?.querySelector("[data-clock-face]");
const voice = document.querySelector("[data-clock-says]");
let end = null;
let told = null;

export function setSecondsLeft(seconds) {
  if (seconds === null || seconds === undefined) return;
  end = performance.now() + seconds * 1000;
  if (told === null) told = WARNINGS.filter((warning) => seconds <= warning - 5).length;
  else told = Math.min(told, WARNINGS.filter((warning) => seconds <= warning).length);
  tick();
}

function tick() {
  if (!place || end === null) return;
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  face.textContent = spelled(left);
  place.classList.toggle("soon", left <= 600);
  place.classList.toggle("last", left <= 60);
  const passed = WARNINGS.filter((warning) => left <= warning).length;
  if (passed > told && voice && left > 0) voice.textContent = `${words(WARNINGS[passed - 1])} left.`;
  told = Math.max(told ?? 0, passed);
  if (left === 0) {
    end = null;
    if (voice) voice.textContent = "The time is over. What was saved last is handed in.";
    document.dispatchEvent(new CustomEvent("time-over"));
  }
}

function spelled(left) {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const seconds = String(left % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

function words(seconds) {
  return seconds === 60 ? "One minute" : `${seconds === 600 ? "Ten" : "Five"} minutes`;
}

if (place) {
  setSecondsLeft(Number(place.dataset.secondsLeft));
  setInterval(tick, 250);
}
