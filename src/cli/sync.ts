import { printable } from '../common/printable.ts';
import type { SyncReport } from '../rpc/home-report.ts';
import { type Define, withService } from './command.ts';
import { syncExitCode } from './exit-code.ts';
import { bytesText, countText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';
import { addProgress, progressLine } from './progress-bar.ts';
import { terminalLine } from './terminal-line.ts';

export const define: Define = (command, run) => {
  pairOption(command);
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const screen = process.stderr.isTTY ? terminalLine(process.stderr) : null;
    const report = await withService(invocation, async (service) => {
      const unlisten =
        screen === null
          ? () => undefined
          : service.listen((event) => {
              if (event.type !== 'status' || event.status.pairs.length === 0) return;
              screen.show(progressLine(addProgress(event.status.pairs)));
            });
      try {
        return await service.sync({ pair });
      } finally {
        unlisten();
        screen?.clear();
      }
    });
    invocation.output.result(report, () => syncText(report));
    return syncExitCode(report);
  });
};

export function syncText(report: SyncReport): string {
  const moved = [
    `${countText(report.filesUp, 'file')} up (${bytesText(report.bytesUp)})`,
    `${countText(report.filesDown, 'file')} down (${bytesText(report.bytesDown)})`,
  ];
  const others: readonly [number, string][] = [
    [report.movesDown, 'moved here'],
    [report.movesUp, 'moved in the vault'],
    [report.deletesDown, 'deleted here'],
    [report.deletesUp, 'deleted in the vault'],
  ];
  for (const [count, what] of others) if (count > 0) moved.push(`${count} ${what}`);
  if (report.conflicts > 0) moved.push(countText(report.conflicts, 'conflict'));
  const isAll = report.issues + report.held === 0;
  const end = !report.converged ? 'Not done' : isAll ? 'Up to date' : 'Done, but something needs you';
  const lines = [`${end}: ${moved.join(', ')}.`];
  for (const pair of report.pairs) {
    if (!pair.converged || pair.issues > 0) lines.push(`${printable(pair.folder)}: ${pair.message}`);
  }
  if (report.left > 0) lines.push(`Left to do: ${countText(report.left, 'file or folder', 'files and folders')}.`);
  if (report.held > 0) lines.push(`${countText(report.held, 'operation')} held: see \`issues\`, then \`resolve\`.`);
  else if (report.issues > 0) lines.push(`${countText(report.issues, 'issue')}: see \`issues\`.`);
  return lines.join('\n');
}
