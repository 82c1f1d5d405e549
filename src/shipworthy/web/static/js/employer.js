// A slider and the number beside it say the same.
for (const slider of document.querySelectorAll("input[data-mirrors]")) {
  const number = document.getElementById(slider.dataset.mirrors);
  slider.addEventListener("input", () => { number.value = slider.value; });
  number.addEventListener("input", () => { slider.value = number.value; });
  window.addEventListener("load", () => catchUp(slider, number));
}

// Moved before this ran, or put back by the browser: what is drawn below belongs to another number.
function catchUp(slider, number) {
  const { min, max, step, defaultValue: value } = slider;
  const asDrawn = Object.assign(document.createElement("input"), { type: "range", min, max, step, value });
  if (slider.value !== asDrawn.value) number.value = slider.value;
  if (number.value === number.defaultValue) return;
  slider.value = number.value;
  number.dispatchEvent(new Event("change", { bubbles: true }));
}
