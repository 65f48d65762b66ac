const milliseconds = 86_400_000;

/** The person's day as a number that counts up by one a day. */
export function today() {
  const now = new Date();
  return dayNumber(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** The number of a day written `YYYY-MM-DD`, or null. */
export function parseDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? dayNumber(...text.split("-").map(Number)) : null;
}

/** The day as a person near `now` would say it: tomorrow, Friday, 3 days ago, Dec 3, Dec 3, 2031. */
export function dayInWords(day, now = today()) {
  const distance = day - now;
  if (Math.abs(distance) < 2) return ["yesterday", "today", "tomorrow"][distance + 1];
  if (distance > 0 && distance < 7) return format(day, { weekday: "long" });
  if (distance < 0 && distance > -7) return `${-distance} days ago`;
  const isThisYear = date(day).getUTCFullYear() === date(now).getUTCFullYear();
  return format(day, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
}

function dayNumber(year, month, day) {
  const value = new Date(0);
  // The constructor would read the years 0 to 99 as 1900 to 1999.
  value.setUTCFullYear(year, month - 1, day);
  return Math.round(value.getTime() / milliseconds);
}

function date(day) {
  return new Date(day * milliseconds);
}

function format(day, options) {
  const language = navigator.language?.startsWith("en") ? navigator.language : "en";
  return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(date(day));
}
