import { rootNode } from '../../common/ids.ts';
import type { CycleContext } from '../cycle-context.ts';
import { executeDown } from '../down/execute-down.ts';
import { keptCtime } from '../observe/racy-from.ts';
import { newReport, type RoundReport } from '../op-outcome.ts';
import { executeSettle } from '../settle/execute-settle.ts';
import { isContentOf } from '../settle/is-content-of.ts';
import { executeUp } from '../up/execute-up.ts';
import type { ContentsUnderWay } from './contents-under-way.ts';
import type { Round } from './plan-round.ts';
import type { RoundEnd } from './round-end.ts';

/** Runs the operations of a plan: those that only settle first, then both directions beside each other. */
export async function carryOut(
  context: CycleContext,
  { plan, ...rows }: Round,
  contents: ContentsUnderWay,
  end: RoundEnd,
): Promise<RoundReport> {
  const { local, content, log } = context;
  const { index, fs, clock, random } = local;
  const report = newReport();
  const ctimeOf = keptCtime(local);
  await executeSettle(
    {
      index,
      fs,
      content,
      hasExecBit: local.traits.hasExecBit,
      ctimeOf,
      signal: context.signal,
    },
    plan.settle,
    report,
  );
  if (report.stopped !== null || context.isStopping()) return report;
  const up = executeUp(
    {
      index,
      log,
      upload: {
        index,
        fs,
        crypto: content.crypto,
        store: content.store,
        pages: content,
        random,
        memory: content.memoryUp,
        deltaMemory: content.memoryDelta,
        smallBytes: context.smallBytes,
        isHurried: context.restless.isHurried,
        onKnown: (bytes) => context.up.had(bytes),
        isStopping: context.isStopping,
      },
      meter: context.up,
      clock,
      random,
      rows,
      long: contents.up,
      roundEnd: end,
      files: content.filesUp,
      signal: context.signal,
      isStopping: context.isStopping,
    },
    plan.up,
    report,
  );
  const down = executeDown(
    {
      index,
      fs,
      download: {
        fs,
        crypto: content.crypto,
        source: content.source,
        memory: content.memoryDown,
        turn: content.turnDown,
        onReceiving: context.down.setOut,
        onLeftover: (bytes) => context.down.had(bytes),
        isStopping: context.isStopping,
      },
      meter: context.down,
      random,
      clock,
      rows,
      smallBytes: context.smallBytes,
      long: contents.down,
      roundEnd: end,
      files: content.filesDown,
      ignore: local.ignore,
      isContentOf: (revision, path) => isContentOf({ local, content }, revision, path),
      ctimeOf,
      batch: String(log.position.seq),
      isStopping: context.isStopping,
    },
    plan.down,
    report,
  );
  // What fails for no file's sake ends the other direction, too.
  for (const run of [up, down]) run.catch(end.leave);
  // Both always end before anything else happens to the pair, whichever fails first.
  const [upEnd, downEnd] = await Promise.allSettled([up, down]);
  for (const end of [upEnd, downEnd]) {
    if (end.status === 'rejected') throw end.reason;
  }
  if (report.blocked.has(rootNode)) report.isAllStale = true;
  return report;
}
