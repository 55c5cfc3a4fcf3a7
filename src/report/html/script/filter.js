// Which rows are shown.

/** Returns whether each text of the table has a word in it; the first entry stands for no text. */
function textsWith(word) {
  const found = new Uint8Array(DATA.texts.length + 1);
  DATA.texts.forEach((known, at) => {
    if (known.toLowerCase().includes(word)) found[at + 1] = 1;
  });
  return found;
}

/** Returns whether each group has a word in its kind, account, region or labels. */
function groupsWith(word) {
  return GROUPS.map(({ kind, place, selection, labels }) =>
    [kind, place, selection || "", ...labels.map(([key, value]) => `${key}=${value}`)].some((part) => part.toLowerCase().includes(word)),
  );
}

/** Returns a test of rows for one word. */
function having(word) {
  const texts = textsWith(word);
  const groups = groupsWith(word);
  const within = (own) => own !== null && own.toLowerCase().includes(word);
  const inError = (error) =>
    error !== null && (texts[error[0]] || texts[error[1]] || texts[error[2]] || within(error[3]) || texts[error[4]]);
  const inAttempt = (attempt) => texts[attempt[4]] || texts[attempt[5]] || within(attempt[6]) || texts[attempt[7]];
  const inSeen = (seen) => seen !== null && (texts[seen[0]] || texts[seen[1]]);
  return (row) =>
    groups[row[GROUP]] ||
    within(row[ID]) ||
    [OUTCOME, EVIDENCE, REASON, DUPLICATE_OF, STATE].some((field) => texts[row[field]]) ||
    inError(row[ERROR]) ||
    inSeen(row[SEEN]) ||
    row[PARAMS].some((part) => typeof part === "number" && texts[part]) ||
    row[ATTEMPTS].some(inAttempt);
}

/** Returns the numbers of the rows that pass a filter, in the report's order. */
function passing({ words, outcome, kind, place, cause }) {
  const tests = words.toLowerCase().split(/\s+/).filter((word) => word).map(having);
  if (outcome) tests.push((row) => text(row[OUTCOME]) === outcome);
  if (kind) tests.push((row) => group(row).kind === kind);
  if (place) tests.push((row) => group(row).place === place);
  if (cause) tests.push((row) => row[CAUSE] === cause);
  const found = [];
  ROWS.forEach((row, number) => {
    if (tests.every((test) => test(row))) found.push(number);
  });
  return found;
}
