// Days, snapping, rows and arrows of a timeline: pure functions. Days are numbers, counted from the first of 1970 (UTC).
const DAY = 86400000, ROW = 40, PADDING = 10, MIDDLE = 15, LETTER = 5.8;

export const dayOf = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
export const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
export const dateOf = (day) => new Date(day * DAY);

// Months of a unit of days that may be chosen: in quarters of a year three at a time.
const MONTHS = { month: 1, quarter: 3 };
const monthOf = (day) => dateOf(day).getUTCFullYear() * 12 + dateOf(day).getUTCMonth();
const firstOf = (month) => Math.round(Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12, 1) / DAY);

// The unit (month, quarter) in which a day lies, as a number; and the first and last day of a unit.
const unitOf = (day, unit) => Math.floor(monthOf(day) / MONTHS[unit]);
const starts = (n, unit) => firstOf(n * MONTHS[unit]);
const ends = (n, unit) => firstOf((n + 1) * MONTHS[unit]) - 1;

export const monthEdges = (first, last) => [firstOf(monthOf(first)), firstOf(monthOf(last) + 1) - 1];

// A span after its start, end or both were moved by so many days (units when `whole`), snapped to day, month or quarter.
export function moved([first, last], { move = 0, start = 0, end = 0 }, unit = "day") {
  if (unit === "day") {
    const span = [first + move + start, last + move + end];
    return start ? [Math.min(span[0], span[1]), span[1]] : [span[0], Math.max(...span)];
  }
  if (!move && !start && !end) return [first, last];
  const to = unitOf(last, unit);
  if (start) return [Math.min(starts(nearest(first + start, unit), unit), starts(to, unit)), last];
  if (end) return [first, Math.max(ends(nearest(last + 1 + end, unit) - 1, unit), ends(unitOf(first, unit), unit))];
  const by = nearest(first + move, unit) - nearest(first, unit);
  return by ? [starts(Math.min(nearest(first, unit), to) + by, unit), ends(to + by, unit)] : [first, last];
}

// The unit whose first day is nearest.
function nearest(day, unit) {
  const n = unitOf(day, unit);
  return day - starts(n, unit) > starts(n + 1, unit) - day ? n + 1 : n;
}

// So many days are one step of the keyboard: by which the nearest edge is the next one.
export function stepped(day, by, unit, far) {
  if (unit === "day") return by * (far ? 7 : 1);
  return starts(nearest(day, unit) + by * (far ? 3 : 1), unit) - day;
}

// The first row, beginning with `wanted`, where [from, to) overlaps none of the spans that are there.
export function freeRow(taken, from, to, wanted = null) {
  const free = (row) => (taken[row] || []).every(([a, b]) => to <= a || b <= from);
  if (wanted !== null && free(wanted)) return wanted;
  let row = 0;
  while (!free(row)) row += 1;
  return row;
}

export const labelDays = (bar, width) => bar.classList.contains("is-short") ? (titleOf(bar).length * LETTER + 24) / width : 0;
// Where new days of a bar or of a chip of the tray are sent, "" where nobody may: below the address of a bar's item.
export const urlOf = (thing) => thing.dataset.url || (thing.dataset.seen && thing.matches("[data-bar]") ? `${thing.querySelector(".bar__body").getAttribute("href")}schedule/` : "");
export const titleOf = (bar) => bar.querySelector(".bar__body > span")?.textContent || "";
export const laneHeight = (rows, least) => Math.max(least, PADDING * 2 + Math.max(1, rows) * ROW - 8);
export const middleOf = (row) => PADDING + row * ROW + MIDDLE;

// From a bar's end to another bar's start, with corners rounded by 4: as roadmap/timelines/packing.py draws it.
export function arrow([x1, y1], [x2, y2]) {
  const n = Math.round;
  if (y1 === y2 && x2 >= x1) return `M${n(x1)} ${n(y1)}H${n(x2 - 1)}`;
  const turn = y2 > y1 ? 4 : -4;
  if (x2 - x1 > 14) {
    const middle = x2 - 10;
    return `M${n(x1)} ${n(y1)}H${n(middle - 4)}q4 0 4 ${turn}V${n(y2 - turn)}q0 ${turn} 4 ${turn}H${n(x2 - 1)}`;
  }
  const between = y1 + 5 * turn;
  return `M${n(x1)} ${n(y1)}h6q4 0 4 ${turn}V${n(between - turn)}q0 ${turn} -4 ${turn}H${n(x2 - 8)}`
    + `q-4 0 -4 ${turn}V${n(y2 - turn)}q0 ${turn} 4 ${turn}H${n(x2 - 1)}`;
}

// The corners of that way, without their roundness; and how far a point is from the lines between them, all upright or level.
export function corners([x1, y1], [x2, y2]) {
  if (y1 === y2 && x2 >= x1) return [[x1, y1], [x2, y2]];
  if (x2 - x1 > 14) return [[x1, y1], [x2 - 10, y1], [x2 - 10, y2], [x2, y2]];
  const between = y1 + (y2 > y1 ? 20 : -20);
  return [[x1, y1], [x1 + 10, y1], [x1 + 10, between], [x2 - 12, between], [x2 - 12, y2], [x2, y2]];
}

export function apart([x, y], line) {
  const beyond = (at, one, other) => Math.max(Math.min(one, other) - at, 0, at - Math.max(one, other));
  return Math.min(...line.slice(1).map(([x2, y2], n) => Math.hypot(beyond(x, line[n][0], x2), beyond(y, line[n][1], y2))));
}
