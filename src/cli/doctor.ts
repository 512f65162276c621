import { printable } from '../common/printable.ts';
import type { DoctorCheck } from '../rpc/home-report.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { table } from './table.ts';

const marks = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: '-' } as const;

export const define: Define = (_command, run) => {
  run(async (invocation) => {
    const report = await withService(invocation, (service) => service.doctor({}));
    invocation.output.result(report, () => {
      const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
      return `${versions.join(', ')}\n\n${checksText(report.checks)}`;
    });
    return report.checks.some(({ result }) => result === 'failed') ? exitCode.attention : exitCode.done;
  });
};

/** What is to be done about a finding stands below it. */
function checksText(checks: readonly DoctorCheck[]): string {
  const rows = checks.flatMap(({ name, result, message, hint }) => {
    const row = [marks[result], printable(name), printable(message)];
    return hint === null ? [row] : [row, ['', '', `-> ${printable(hint)}`]];
  });
  return table(['', 'CHECK', ''], rows);
}
