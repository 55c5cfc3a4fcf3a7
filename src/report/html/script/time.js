// Moments of the run, in the time zone that the reader chooses: at first the plan's, else UTC.

const ZONE = document.getElementById("zone");
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Returns a writer of moments in a time zone; null where the browser does not know it. */
function writer(zone) {
  const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const options = { ...digits, fractionalSecondDigits: 3, hourCycle: "h23", timeZone: zone, timeZoneName: "longOffset" };
  try {
    return new Intl.DateTimeFormat("en", options);
  } catch {
    return null;
  }
}

// The zones to choose from, each once: the plan's, UTC, and the reader's.
const ZONES = [
  { name: DATA.zone, of: " (the plan's)" },
  { name: "UTC", of: "" },
  { name: OWN_ZONE, of: " (yours)" },
].filter(({ name }, at, all) => name && writer(name) && all.findIndex((other) => other.name === name) === at);

let zoned = writer(ZONES[0].name);

/** Writes a moment, given in milliseconds since 1970, as date, time and time zone. */
function moment(millis, hasMillis) {
  const part = Object.fromEntries(zoned.formatToParts(millis).map(({ type, value }) => [type, value]));
  const zone = zoned.resolvedOptions().timeZone;
  const offset = part.timeZoneName.replace("GMT", "") || "+00:00";
  const fraction = hasMillis ? `.${part.fractionalSecond}` : "";
  const time = `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}${fraction}`;
  return zone === "UTC" ? `${time} UTC` : `${time} ${offset} (${zone})`;
}

/** Writes a moment of the run, given in milliseconds since its start. */
function clock(millis) {
  return moment(DATA.start + millis, true);
}

/** Offers the zones, and shows every moment in the one that is chosen. */
function offerZones() {
  for (const { name, of } of ZONES) ZONE.append(make("option", { value: name }, harmless(name) + of));
  ZONE.parentElement.hidden = ZONES.length < 2;
  ZONE.addEventListener("change", () => {
    zoned = writer(ZONE.value);
    for (const shown of document.querySelectorAll("[data-at]")) shown.textContent = moment(Number(shown.dataset.at), false);
    turn();
  });
}
