import type { Stamp } from '../../db/index-port.ts';

/** At this wall time, in milliseconds, this device had seen the log up to this seq. */
export interface Mark {
  readonly at: number;
  readonly seq: number;
}

const dayMs = 24 * 60 * 60_000;
const maxMarks = 400;
/** After such a gap the clock may have leapt, a year ahead say, for a day or for a month. */
const leapMs = 15 * dayMs;

/** From storage; what cannot be read is forgotten, which only keeps history longer. */
export function parseMarks(stored: unknown): readonly Mark[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (mark): mark is Mark => typeof mark?.at === 'number' && typeof mark.seq === 'number' && mark.seq >= 0,
  );
}

/**
 * One mark a day, newest last. Marks from a future that did not come are dropped: the clock was wrong then. So are all from before
 * a leap: how long ago that was nobody knows, and what this device has seen counts as seen from now on.
 */
export function addMark(marks: readonly Mark[], now: number, seq: number): readonly Mark[] {
  const past = marks.filter((mark) => mark.at <= now && mark.seq <= seq);
  const last = past.at(-1);
  if (last !== undefined && now - last.at > leapMs) return [{ at: now, seq }];
  return last !== undefined && now - last.at < dayMs ? past : [...past.slice(1 - maxMarks), { at: now, seq }];
}

/**
 * Whether something that happened in the log at `stamp` is older than `ageMs`. The author's clock alone is not believed,
 * nor is our own: the entry has to claim that age and this device must have seen it for as long.
 */
export function isOlder(marks: readonly Mark[], now: number, ageMs: number): (stamp: Stamp) => boolean {
  const cutoff = now - ageMs;
  const seen = lastSeenAt(marks, cutoff);
  return ({ seq, timeUs }) => seq <= seen && timeUs / 1000 <= cutoff;
}

/** Whether the clock has gone on without a leap since that time. */
export const isSteadySince = ([first]: readonly Mark[], time: number): boolean =>
  first !== undefined && first.at <= time;

/** How far this device had seen the log at that time; 0: it knows of nothing that long ago. */
export const lastSeenAt = (marks: readonly Mark[], time: number): number =>
  marks.reduce((seq, mark) => (mark.at <= time ? Math.max(seq, mark.seq) : seq), 0);
