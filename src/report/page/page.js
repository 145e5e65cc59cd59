const chips = document.querySelectorAll("[data-show]");
function show(verdict) {
  chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.dataset.show === verdict)));
  document.querySelectorAll("[data-verdict]").forEach((part) => {
    part.hidden = verdict !== "all" && part.dataset.verdict !== verdict;
  });
}
chips.forEach((chip) => chip.addEventListener("click", () => show(chip.dataset.show)));
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.hidden = false; target.open = true; target.scrollIntoView(); }
}
addEventListener("hashchange", open);
show("all");
open();
