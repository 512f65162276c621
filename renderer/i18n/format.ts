/** Numbers, sizes and times as a language writes them. Times are milliseconds since 1970. */
export interface Format {
  count(value: number): string;
  /** Binary units, by the names that the command line gives them. */
  bytes(value: number): string;
  /** A span, coarse: `3 min`. */
  span(milliseconds: number): string;
  /** How long ago, or the date if that is long, or still to come. */
  ago(time: number, now?: number): string;
  clock(time: number): string;
  /** The time of day, with the date if that may be another one. */
  until(time: number, now?: number): string;
  day(time: number): string;
  moment(time: number): string;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function formatIn(language: string): Format {
  const whole = new Intl.NumberFormat(language);
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const spans = (['second', 'minute', 'hour', 'day'] as const).map(
    (unit) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }),
  );
  const span = (milliseconds: number): string => {
    const [unit, size] =
      milliseconds < minute ? [0, 1000] : milliseconds < hour ? [1, minute] : milliseconds < day ? [2, hour] : [3, day];
    return spans[unit]?.format(Math.max(1, Math.round(milliseconds / size))) ?? '';
  };
  return {
    count: (value) => whole.format(value),
    bytes: (value) => {
      const step = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
      const amount = value / 1024 ** step;
      return `${(step < 2 ? whole : short).format(step < 2 ? Math.round(amount) : amount)}\u00a0${units[step]}`;
    },
    span,
    ago: (time, now = Date.now()) => {
      const past = now - time;
      // A clock that is a little ahead is no reason to speak of a time to come; a year ahead is not now.
      if (past < -hour) return moment.format(time);
      if (past < minute) return relative.format(0, 'second');
      if (past < hour) return relative.format(-Math.floor(past / minute), 'minute');
      if (past < day) return relative.format(-Math.floor(past / hour), 'hour');
      if (past < 7 * day) return relative.format(-Math.floor(past / day), 'day');
      return date.format(time);
    },
    clock: (time) => clock.format(time),
    until: (time, now = Date.now()) => (time - now < day / 2 ? clock : moment).format(time),
    day: (time) => date.format(time),
    moment: (time) => moment.format(time),
  };
}
