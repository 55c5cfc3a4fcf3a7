// The columns of the table, and the order of its rows.

const COLLATOR = new Intl.Collator("en", { numeric: true });

// How urgent an outcome is: what is not stopped comes first.
const URGENCY = ["failed", "unknown", "accepted", "not_found", "not_sent", "would_stop", "already_stopped", "stopped", "left_out"];

/** The columns: what heads them, what they sort by, and what a cell shows. The first one is the report's own order. */
const COLUMNS = [
  { name: "number", title: "#", key: (row, number) => number, show: (row, number) => String(number + 1) },
  { name: "outcome", title: "Outcome", key: (row) => URGENCY.indexOf(text(row[OUTCOME])), show: (row) => badge(text(row[OUTCOME])) },
  { name: "id", title: "Target", key: (row) => row[ID], show: opener },
  { name: "kind", title: "Kind, account", key: (row) => `${group(row).kind} ${group(row).place}`, show: belonging },
  { name: "tries", title: "Attempts", key: (row) => row[ATTEMPTS].length, show: (row) => String(row[ATTEMPTS].length) },
  { name: "started", title: "Started", key: (row) => row[STARTED], show: (row) => maybe(row[STARTED], since) },
  { name: "took", title: "Took", key: took, show: (row) => maybe(took(row), lasting) },
  { name: "why", title: "Why", key: (row) => why(row) || null, show: (row) => quote("span", why(row)) },
];

/** Makes the kind of a row, and whose it is. */
function belonging(row) {
  return make("span", {}, quote("span", group(row).kind), quote("span", group(row).place, "place"));
}

function maybe(millis, said) {
  return millis === null ? "–" : said(millis);
}

function compare(one, other) {
  return typeof one === "string" ? COLLATOR.compare(one, other) : one - other;
}

/** Puts row numbers in the order of a column; rows without a value come last either way. */
function ordered(numbers, column, descending) {
  const keys = new Map(numbers.map((number) => [number, column.key(ROWS[number], number)]));
  const sign = descending ? -1 : 1;
  return numbers.sort((one, other) => {
    const [left, right] = [keys.get(one), keys.get(other)];
    if (left === null || right === null) return (left === null) - (right === null) || one - other;
    return sign * compare(left, right) || one - other;
  });
}
