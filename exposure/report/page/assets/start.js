function drawAnswer() {
  const told = here();
  $("sentence").textContent = told.sentence;
  $("severity-now").textContent = "\u2013 " + D.severities[now.sev][1];
  $("severity").setAttribute("aria-valuetext", D.severities[now.sev][1]);
  document.querySelectorAll("#bracket li").forEach((card) => {
    const row = told.summary[card.dataset.level];
    card.classList.toggle("on", card.dataset.level === now.level);
    card.querySelector("strong").textContent = usd(row.loss_usd);
    card.querySelector("span").textContent = "lost; cost " + usd(row.cost_usd) + "; " + (row.first_loss_month ? "first loss " + row.first_loss_month : "no loss");
  });
}
drawers.unshift(drawAnswer);
const drawAll = () => drawers.forEach((draw) => draw());
const slider = $("severity");
slider.max = D.severities.length - 1;
slider.value = now.sev;
fresh("severity-steps", D.severities.map((s, k) => el("option", { value: k, label: s[1] })));
slider.closest(".slide").hidden = D.severities.length < 2;
slider.addEventListener("input", () => { now.sev = Number(slider.value); drawAll(); });
D.levels.forEach((level) => {
  const radio = el("input", { type: "radio", name: "level", value: level, id: "level-" + level });
  radio.checked = level === now.level;
  radio.addEventListener("change", () => { now.level = level; drawAll(); });
  $("levels").append(el("label", null, radio, " " + level));
});
$("controls").addEventListener("submit", (event) => event.preventDefault());
let waiting = 0, wide = innerWidth;
addEventListener("resize", () => { if (innerWidth === wide) return; wide = innerWidth; clearTimeout(waiting); waiting = setTimeout(drawAll, 120); });
// Paper is drawn at its own width and shows every table; afterwards all is as it was.
const PAPER = "1030px";
let unfolded = [];
addEventListener("beforeprint", () => {
  document.body.style.width = PAPER;
  drawAll();
  unfolded = [...document.querySelectorAll("details:not([open])")];
  unfolded.forEach((d) => { d.open = true; });
});
addEventListener("afterprint", () => {
  document.body.style.width = "";
  unfolded.forEach((d) => { d.open = false; });
  drawAll();
});
drawAll();
document.documentElement.dataset.ready = "yes";
