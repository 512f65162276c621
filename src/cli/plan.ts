import { printable } from '../common/printable.ts';
import type { Output } from '../rpc/contract.ts';
import { type Define, flag, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, countText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command).option('--verbose', 'show each operation and the rule behind it');
  run(async (invocation, options) => {
    const input = { pair: chosenPair(invocation, options), isVerbose: flag(options, 'verbose') };
    const preview = await withService(invocation, (service) => service.plan(input));
    invocation.output.result(preview, () => planText(preview, input.isVerbose));
    return preview.counts.held > 0 ? exitCode.attention : exitCode.done;
  });
};

function planText({ counts, lines }: Output<'plan'>, isVerbose: boolean): string {
  const total = counts.up + counts.down + counts.deletes + counts.moves + counts.conflicts + counts.held;
  if (total === 0) return 'Nothing to do.';
  const parts = [
    `${counts.up} up (${bytesText(counts.bytesUp)})`,
    `${counts.down} down (${bytesText(counts.bytesDown)})`,
    countText(counts.moves, 'move'),
    countText(counts.deletes, 'delete'),
    countText(counts.conflicts, 'conflict'),
  ];
  const waits = 'nothing happens to them until you decide; after a sync, `issues` lists them.';
  const held = counts.held === 0 ? '' : `\n${counts.held} held: ${waits}`;
  if (!isVerbose || lines.length === 0) return parts.join(', ') + held;
  const rows = lines.map((line) => [line.direction, line.operation, printable(line.path), line.rule]);
  return `${parts.join(', ')}${held}\n\n${table(['', 'OPERATION', 'PATH', 'RULE'], rows)}`;
}
