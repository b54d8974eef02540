// One hue from pale to dark, by the root of the share of the largest cell; figures take the ink that can be read on it.
const HUES = { blue: [[226, 238, 249], [8, 48, 107]], orange: [[254, 237, 222], [127, 39, 4]] };
function brightness(colour) {
  const part = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : Math.pow((v / 255 + 0.055) / 1.055, 2.4)));
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}
function paint(cell, share, hue) {
  const [pale, dark] = HUES[hue], at = Math.sqrt(Math.min(1, share));
  const back = share > 0 ? pale.map((v, k) => Math.round(v + (dark[k] - v) * at)) : [242, 245, 248], light = brightness(back) + 0.05;
  cell.style.background = "rgb(" + back.join(",") + ")";
  cell.style.color = 1.05 / light >= 4.6 ? "#fff" : light / 0.0722 >= 4.6 ? "#1f2a37" : "#000";
  return cell;
}

// Where the chosen level loses nothing, the losses of one that does are shown, and said to be its.
const shownLevel = () => [now.level, "contracts", "planner", "voluntary"].find((level) => (here().loss[level] || []).length) || now.level;
function heatNote(level) {
  if (!here().loss[level].length) return "No output is lost at any level at this severity.";
  const read = "USD of output lost at the level \u201c" + level + "\u201d; the darker, the more. Arrow keys move from cell to cell.";
  if (level === now.level) return read;
  return [el("strong", null, "Nothing is lost at the level \u201c" + now.level + "\u201d; shown instead: " + level + LEVEL_WORDS[level] + ". "), read];
}
const LEVEL_WORDS = { contracts: ", the upper end, where nobody gives way", planner: "", voluntary: "" };

function lossBody(row, t, level) {
  const [item, place, values, unmet] = row, key = item + "|" + place;
  const lost = t === null ? sum(values) : values[t], short_ = t === null ? sum(unmet) : unmet[t];
  const chains = (here().why[level][key] || []);
  const controls = [...new Set(chains.flatMap((chain) => chain[1].split(" + ")))].filter(Boolean);
  return [
    el("p", null, itemName(item) + " in " + placeName(place) + ": " + usd(lost) + " = " + digits(short_, 4) + " " + unitOf(item) + " not served, times the value of output lost per unit."),
    chains.length ? [el("h3", null, "Why"), ...chains.map((c) => el("p", null, c[0] + " (" + usd(c[2]) + " over the run, from " + monthName(c[3]) + ")"))] : [],
    rowsOf("Demand and its value: rows of data", "demand:" + key),
    rowsOf("Stocks held", "stock:" + key),
    rowsOf("Rules at the start of the chain", ...controls.map((id) => "control:" + id)),
  ];
}
function drawHeat() {
  const level = shownLevel(), rows = here().loss[level];
  fresh("heat-note", heatNote(level));
  $("heat-note").classList.toggle("instead", level !== now.level);
  if (!rows.length) { fresh("heat"); return; }
  const top = Math.max(...rows.flatMap((row) => row[2])), cells = [];
  const body = rows.map((row) => {
    const [item, place, values] = row, name = itemName(item) + ", " + placeName(place), line = [];
    const cell = (value, title, t) => {
      const td = el("td", null, value ? short(value) : "");
      const hint = rowHint("demand:" + item + "|" + place), chain = (here().why[level][item + "|" + place] || [])[0];
      mark(td, name + ", " + title, [usd(value) + " lost", t === null ? "" : digits(row[3][t]) + " " + unitOf(item) + " unmet", chain && value ? chain[0] : "", hint ? "demand " + hint : ""].filter(Boolean), () => openPanel(name + ", " + title, ...lossBody(row, t, level)));
      line.push(td);
      return td;
    };
    const all = cell(sum(values), "all months", null);
    all.className += " total";
    const tr = el("tr", null, el("th", { scope: "row" }, itemName(item), el("small", null, placeName(place))), all, values.map((v, t) => paint(cell(v, monthName(D.months[t]), t), v / top, "blue")));
    cells.push(line);
    return tr;
  });
  const heads = D.months.map((m) => el("th", { scope: "col" }, MONTHS[Number(m.slice(5)) - 1], el("br"), "\u2019" + m.slice(2, 4)));
  const grid = el("table", { class: "cells" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, "Product"), el("th", { scope: "col" }, "Total"), heads)), el("tbody", null, body));
  fresh("heat", grid);
  rove(grid, cells);
}
drawers.push(drawHeat);
