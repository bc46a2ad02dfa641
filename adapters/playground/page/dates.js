// Moments as people read them, as the bot writes them: 「11月20日（金）10:00」 and "Fri 20 Nov, 10:00".

const formatters = new Map();

function partsOf(at, language, zone) {
  const key = `${language} ${zone}`;
  if (!formatters.has(key)) {
    formatters.set(
      key,
      new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : "en-GB", {
        timeZone: zone, year: "numeric", month: language === "ja" ? "numeric" : "short", day: "numeric",
        weekday: "short", hour: "numeric", minute: "2-digit", hourCycle: "h23",
      }),
    );
  }
  const parts = {};
  for (const { type, value } of formatters.get(key).formatToParts(at)) parts[type] = value;
  const trim = (text) => text.replace(/\D/g, "");
  return { ...parts, hour: trim(parts.hour), day: trim(parts.day) };
}

/** The clock time: 9:05 in Japanese, 09:05 in English. */
export function formatTime(at, language, zone) {
  const { hour, minute } = partsOf(at, language, zone);
  return language === "ja" ? `${Number(hour)}:${minute}` : `${hour.padStart(2, "0")}:${minute}`;
}

/** The day, with its year when that isn't the year of `now`. */
export function formatDay(at, language, zone, now) {
  const parts = partsOf(at, language, zone);
  const other = partsOf(now, language, zone).year !== parts.year;
  if (language === "ja") {
    return `${other ? `${trimYear(parts.year)}年` : ""}${parts.month.replace(/\D/g, "")}月${parts.day}日（${parts.weekday}）`;
  }
  return `${parts.weekday} ${parts.day} ${parts.month.slice(0, 3)}${other ? ` ${parts.year}` : ""}`;
}

function trimYear(year) {
  return year.replace(/\D/g, "");
}

/** Day and time. */
export function formatMoment(at, language, zone, now) {
  const between = language === "ja" ? "" : ", ";
  return `${formatDay(at, language, zone, now)}${between}${formatTime(at, language, zone)}`;
}
