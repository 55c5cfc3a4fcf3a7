// The rows of the report: arrays without names, with texts and groups in tables. `rows.rs` writes them.

const DATA = JSON.parse(document.getElementById("report-rows").textContent);
const ROWS = DATA.rows;

// The places of a row's fields.
const ID = 0;
const GROUP = 1;
const OUTCOME = 2;
const EVIDENCE = 3;
const REASON = 4;
const DUPLICATE_OF = 5;
const STATE = 6;
const STARTED = 7;
const FINISHED = 8;
const READS = 9;
const ERROR = 10;
const PARAMS = 11;
const ATTEMPTS = 12;
const SEEN = 13;
const CAUSE = 14;

/** Returns a text of the table; null where there is none. */
function text(place) {
  return place === 0 ? null : DATA.texts[place - 1];
}

const GROUPS = DATA.groups.map(([kind, account, region, selection, labels]) => ({
  kind: text(kind),
  place: `${text(account)} ${text(region)}`,
  account: text(account),
  region: text(region),
  selection: text(selection),
  labels: pairs(labels),
}));

/** Returns names and values that take turns as pairs; flags are values that stand for themselves. */
function pairs(list) {
  const found = [];
  for (let at = 0; at < list.length; at += 2) {
    const value = list[at + 1];
    found.push([text(list[at]), typeof value === "boolean" ? String(value) : text(value)]);
  }
  return found;
}

function group(row) {
  return GROUPS[row[GROUP]];
}

/** Returns how long a row took, or null. */
function took(row) {
  return row[STARTED] === null || row[FINISHED] === null ? null : row[FINISHED] - row[STARTED];
}

/** Says in a few words why a row is not stopped. */
function why(row) {
  if (row[ERROR]) {
    const [kind, code, message] = row[ERROR];
    return [text(kind).replace("_", " "), text(code), text(message)].filter((part) => part).join(": ");
  }
  return text(row[REASON]) || "";
}
