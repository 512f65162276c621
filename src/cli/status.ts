import { printable } from '../common/printable.ts';
import type { HomeStatus } from '../rpc/home-report.ts';
import { waitingChanges } from '../rpc/waiting-changes.ts';
import type { Define } from './command.ts';
import { exitCode } from './exit-code.ts';
import { timeText } from './format.ts';
import { pausedText } from './paused-text.ts';
import { silenceText } from './silence-text.ts';
import { table } from './table.ts';

export const define: Define = (_command, run) => {
  run(async ({ output, homeFolder }) => {
    const { readStatus } = await import('../app/read-status.ts');
    const status = await readStatus(homeFolder);
    output.result(status, () => statusText(status));
    return exitCode.done;
  });
};

function statusText({ message, account, pairs }: HomeStatus): string {
  const lines = [message];
  if (account !== null) lines.push(`${account.email} on ${account.server}, device “${printable(account.deviceName)}”`);
  if (pairs.length === 0) return lines.join('\n');
  const rows = pairs.map((pair) => [
    pair.pair.slice(0, 8),
    printable(pair.vaultName),
    stateText(pair),
    String(pair.files),
    String(waitingChanges(pair)),
    String(pair.issues),
    pair.lastSyncedAt === null ? 'never' : timeText(pair.lastSyncedAt),
    printable(pair.folder),
  ]);
  const head = ['PAIR', 'VAULT', 'STATE', 'FILES', 'WAITING', 'ISSUES', 'LAST SYNCED', 'FOLDER'];
  const silence = silenceText(pairs).map((line) => `\n\n${line}`);
  return `${lines.join('\n')}\n\n${table(head, rows, new Set(['FILES', 'WAITING', 'ISSUES']))}${silence.join('')}`;
}

function stateText(pair: HomeStatus['pairs'][number]): string {
  if (pair.state === 'paused') return pausedText(pair);
  return pair.since === null ? pair.state : `${pair.state} since ${timeText(pair.since)}`;
}
