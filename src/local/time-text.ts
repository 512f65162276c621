/**
 * Microseconds as the text of seconds that `utimes` takes. As a number, Node reads a time before 1970 as "now"; the
 * nearest double is within a quarter of a microsecond, so that a look at the file gives back the same microsecond; on Windows one
 * of its neighbours at times, since Node counts there from the year 1601.
 */
export const timeText = (us: number): string => String(us / 1e6);
