import { alarm } from '../alarm.ts';
import type { RoundReport } from '../op-outcome.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { fetchOne } from './fetch-one.ts';
import { fetchSmall, isShort, type SmallContent, smallContent } from './fetch-small.ts';
import { type DownContentOperation, placer, type StagedContent } from './place-downloaded.ts';

/** Files that get their names after one sync of the disk: half of what a plan of new ones holds, at least. */
const placeGroup = 1280;
/** Fewer wait for each other, milliseconds: not for what takes long, of which there may be hours. */
const placeAfterMs = 1000;
/** Contents on their way, and groups of small ones. */
const maxPrepared = 192;
const maxSmallGroups = 3;
/** Small contents that are fetched together. */
const smallGroup = { files: 256, bytes: 2 * 1024 * 1024 };

/** Fetches contents beside each other, small ones together; they get their names in groups, while others are fetched. */
export async function fetchAndPlace(
  context: DownContext,
  contents: readonly DownContentOperation[],
  report: RoundReport,
  run: DownRun,
): Promise<void> {
  const ready: StagedContent[] = [];
  let small: SmallContent[] = [];
  let smallBytes = 0;
  const { clock, roundEnd } = context;
  let next = 0;
  let running = 0;
  let smallGroups = 0;
  let hasBegunLong = false;
  let isPlacing = false;
  /** When the first of what is ready was; monotonic. */
  let readySince = 0;
  let failure: unknown = null;
  let wake: () => void = () => undefined;
  const isDone = (): boolean => report.stopped !== null || failure !== null;
  const names = placer(context, report, run);

  const start = (work: Promise<readonly StagedContent[]>, ended: () => void): void => {
    void work
      .then((staged) => {
        if (ready.length === 0) readySince = clock.monotonic();
        ready.push(...staged);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        ended();
        wake();
      });
  };
  const startOne = (op: DownContentOperation): void => {
    hasBegunLong = true;
    running++;
    start(fetchOne(context, op, report), () => running--);
  };
  const startSmall = (): void => {
    if (small.length === 0) return;
    smallGroups++;
    start(fetchSmall(context, small, report), () => smallGroups--);
    small = [];
    smallBytes = 0;
  };
  const take = (op: DownContentOperation): void => {
    const content = smallContent(context, op);
    if (content === null) {
      startSmall();
      startOne(op);
      return;
    }
    small.push(content);
    smallBytes += content.remote.size;
    if (small.length >= smallGroup.files || smallBytes >= smallGroup.bytes) startSmall();
  };
  const startPlacing = (): void => {
    isPlacing = true;
    const placing = names.place(ready.splice(0, placeGroup)).then(() => []);
    readySince = clock.monotonic();
    start(placing, () => {
      isPlacing = false;
    });
  };
  const isAtEnd = (): boolean => {
    if (context.isStopping() || (next > 0 && roundEnd.isDue())) return true;
    const first = contents[next];
    return hasBegunLong && roundEnd.isLeft() && first !== undefined && !isShort(context, first);
  };
  const isFetching = (): boolean => running + smallGroups > 0;
  const isBusy = (): boolean => isFetching() || isPlacing;
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const placeDue = alarm(clock, () => wake());
  while ((next < contents.length || isBusy() || ready.length > 0) && !isDone()) {
    if (isAtEnd()) {
      for (const { node } of [...contents.slice(next), ...small.map(({ op }) => op)]) report.left.add(node);
      next = contents.length;
      small = [];
    }
    while (next < contents.length && running < maxPrepared && smallGroups < maxSmallGroups && !isDone() && !isAtEnd()) {
      const op = contents[next++];
      if (op !== undefined) take(op);
      if (next === contents.length) startSmall();
    }
    if (!isPlacing && ready.length > 0) {
      const rest = readySince + placeAfterMs - clock.monotonic();
      if (ready.length >= placeGroup || !isFetching() || rest <= 0) startPlacing();
      else placeDue.set(rest);
    }
    if (isBusy()) await turn();
  }
  placeDue.clear();
  if (isDone()) roundEnd.leave();
  while (isBusy()) await turn();
  for (const { file } of ready) await file.leave();
  await names.end();
  if (failure !== null) throw failure;
}
