import { HoldfastError } from '../../common/errors.ts';
import type { IndexWriter } from '../../db/index-port.ts';
import { type Draft, type EntryDraft, splitOperations } from '../../vault/split-operations.ts';
import { validOperations } from '../../vault/tree-overlay.ts';
import type { AppliedOperation } from '../../vault/tree-rules.ts';
import type { CycleContext } from '../cycle-context.ts';
import { rememberedTreeReader } from '../log/index-tree.ts';
import { nextStamp } from '../log/next-stamp.ts';
import { afterLostSwap, maxSwapsLost } from './lost-swap.ts';

/**
 * Writes to the vault's log what a person asked for; the cycle that follows brings the folder in line. `makeDrafts` plans
 * on the index as it is, and again each time that another device's entry came first, so it has to leave out what is done.
 * Returns the batch that `undo` takes: a seq, or the first and last one joined by `-`. Throws `conflict` if there is nothing
 * to write (any more), `missing` if contents are gone from the server, and as the log does.
 */
export async function appendOperations(
  context: Pick<CycleContext, 'local' | 'log' | 'signal'>,
  makeDrafts: () => readonly Draft[] | Promise<readonly Draft[]>,
  onApplied: (write: IndexWriter, applied: readonly AppliedOperation[]) => void = () => undefined,
): Promise<{ readonly batch: string }> {
  const { log, signal } = context;
  const { clock } = context.local;
  const seqs: number[] = [];
  for (let lost = 0; lost < maxSwapsLost; lost++) {
    if (lost > 0) await afterLostSwap(lost, clock, signal);
    let isMoved = false;
    for (const entry of validEntries(context, await makeDrafts())) {
      const result = await log.append(entry, { signal, onApplied });
      if (result.status === 'done') {
        seqs.push(result.seq);
        continue;
      }
      if (result.status === 'objects-missing') throw contentGone();
      isMoved = true;
      break;
    }
    if (isMoved) continue;
    const [first] = seqs;
    if (first === undefined) throw movedOn();
    const last = seqs.at(-1);
    return { batch: first === last ? String(first) : `${first}-${last}` };
  }
  throw movedOn();
}

function validEntries({ local, log }: Pick<CycleContext, 'local' | 'log'>, drafts: readonly Draft[]): EntryDraft[] {
  const stamp = nextStamp(log, local.clock);
  const operations = drafts.map((draft) => draft.operation);
  const valid = new Set(validOperations(rememberedTreeReader(local.index.read), operations, stamp).valid);
  return splitOperations(drafts.filter((draft) => valid.has(draft.operation)));
}

const contentGone = (): HoldfastError =>
  new HoldfastError('missing', 'The server does not hold this content any more.', { reason: 'objects-missing' });

const movedOn = (): HoldfastError =>
  new HoldfastError('conflict', 'The vault has changed meanwhile, so there is nothing to do as it was asked for.', {
    hint: 'Look at the vault as it is now, and try again.',
  });
