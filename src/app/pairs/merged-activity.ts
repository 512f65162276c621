import { HoldfastError } from '../../common/errors.ts';
import type { PairId } from '../../common/ids.ts';
import type { ActivityItem } from '../../model/status.ts';

/** What happened in one folder pair, newest first, by page; `before`: the last batch of the page before. */
export interface ActivityLane {
  readonly pair: PairId;
  page(limit: number, before: string | null): Promise<readonly ActivityItem[]>;
}

export interface MergedActivity {
  readonly items: readonly (ActivityItem & { readonly pair: PairId })[];
  /** Where the next page begins; null: nothing is older. */
  readonly next: string | null;
}

/**
 * One page of what happened in several folder pairs, newest first. Each pair's stays in the order of its log, which times must
 * not change. Little more is read than is told, however many pairs there are. `before`: the `next` of the page before, or, of
 * one pair, a batch.
 */
export async function mergedActivity(
  lanes: readonly ActivityLane[],
  limit: number,
  before: string | null,
): Promise<MergedActivity> {
  const told = toldBefore(before, lanes);
  const readers = lanes.map((lane) => laneReader(lane, Math.ceil(limit / lanes.length) + 1, told));
  const items: (ActivityItem & { readonly pair: PairId })[] = [];
  while (true) {
    const heads = await Promise.all(readers.map((reader) => reader.head()));
    const times = heads.map((head) => head?.time ?? Number.NEGATIVE_INFINITY);
    const at = times.indexOf(Math.max(...times));
    const [head, lane] = [heads[at], lanes[at]];
    if (head === undefined || lane === undefined) return { items, next: null };
    if (items.length === limit) return { items, next: nextPage(told) };
    items.push({ ...head, pair: lane.pair });
    told.set(lane.pair, head.batch);
    readers[at]?.take();
  }
}

function laneReader(lane: ActivityLane, slice: number, told: ReadonlyMap<PairId, string>) {
  let waiting: readonly ActivityItem[] = [];
  let isEnd = false;
  return {
    head: async (): Promise<ActivityItem | undefined> => {
      if (waiting.length === 0 && !isEnd) {
        waiting = await lane.page(slice, told.get(lane.pair) ?? null);
        isEnd = waiting.length < slice;
      }
      return waiting[0];
    },
    take: (): void => {
      waiting = waiting.slice(1);
    },
  };
}

const nextPage = (told: ReadonlyMap<PairId, string>): string =>
  [...told].map(([pair, batch]) => `${pair}:${batch}`).join(',');

/** The last batch that was told of each pair. Pairs that were removed in the meantime are left out. */
function toldBefore(before: string | null, lanes: readonly ActivityLane[]): Map<PairId, string> {
  const told = new Map<PairId, string>();
  for (const part of before?.split(',') ?? []) {
    const [pair, batch] = part.includes(':') ? part.split(':', 2) : [undefined, part];
    if (pair === undefined && lanes.length > 1) {
      throw new HoldfastError('usage', 'A batch is of one folder pair.', {
        reason: 'which-pair',
        hint: 'Say which one with --pair.',
      });
    }
    const lane = lanes.find((each) => pair === undefined || each.pair === pair);
    if (lane !== undefined && batch !== undefined) told.set(lane.pair, batch);
  }
  return told;
}
