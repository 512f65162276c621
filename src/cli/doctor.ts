import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { table } from './table.ts';

const marks = { ok: 'ok', warning: 'WARNING', failed: 'FAILED', skipped: '-' } as const;

export const define: Define = (_command, run) => {
  run(async (invocation) => {
    const report = await withService(invocation, (service) => service.doctor({}));
    invocation.output.result(report, () => {
      const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
      const rows = report.checks.map(({ name, result, message }) => [marks[result], name, message]);
      return `${versions.join(', ')}\n\n${table(['', 'CHECK', ''], rows)}`;
    });
    return report.checks.some(({ result }) => result === 'failed') ? exitCode.attention : exitCode.done;
  });
};
