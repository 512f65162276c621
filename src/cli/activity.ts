import { HoldfastError } from '../common/errors.ts';
import { printable } from '../common/printable.ts';
import type { Output } from '../rpc/contract.ts';
import { type Define, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { timeText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command)
    .option('--limit <count>', 'how many batches to list, at most 1000', '50')
    .option('--before <batch>', 'list what is older than this batch of one pair, or than the end of the previous list');
  run(async (invocation, options) => {
    const limit = Number(textOption(options, 'limit'));
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
      throw new HoldfastError('usage', '--limit is a number from 1 to 1000.');
    }
    const input = { pair: chosenPair(invocation, options), limit, before: textOption(options, 'before') };
    const list = await withService(invocation, (service) => service.activity(input));
    invocation.output.result(list, () => activityText(list));
    return exitCode.done;
  });
};

/** As the window says it; what a later version may add is said as programs hear it. */
const words: Readonly<Record<string, string>> = {
  create: 'added',
  place: 'moved',
  revise: 'edited',
  delete: 'deleted',
  restore: 'restored',
};

export function activityText({ activity: items, next }: Output<'activity'>): string {
  const isOfSeveral = new Set(items.map(({ pair }) => pair)).size > 1;
  if (items.length === 0) return 'Nothing has happened yet.';
  const lines: string[] = [];
  for (const item of items) {
    lines.push(
      `${timeText(item.time)}  batch ${item.batch}  ${printable(item.deviceName)}${isOfSeveral ? `  ${printable(item.folder)}` : ''}`,
    );
    for (const { what, path, from } of item.changes) {
      lines.push(`  ${words[what] ?? what} ${printable(path)}${from === null ? '' : ` (from ${printable(from)})`}`);
    }
    const more = item.changeCount - item.changes.length;
    if (more > 0) lines.push(`  and ${more} more`);
  }
  if (next !== null) lines.push(`Older: holdfast activity --before ${next}`);
  return lines.join('\n');
}
