import type { RescueProgress, RescueReport } from '../app/rescue/report.ts';
import { HoldfastError } from '../common/errors.ts';
import { printable } from '../common/printable.ts';
import { type Define, flag, textOption } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, countText } from './format.ts';
import { localFolder } from './place.ts';
import { readSecret } from './secret.ts';
import { terminalLine } from './terminal-line.ts';
import { untilSignal } from './until-signal.ts';

export const define: Define = (command, run) => {
  command
    .requiredOption('--data <folder>', "the server's data folder, or a copy of it; it is only read")
    .requiredOption('--out <folder>', 'where to write the files: an empty folder, or a new one')
    .option('--deleted', 'write deleted files, too, below .deleted of each vault')
    .option('--versions', 'write old versions, too, below .versions of each vault')
    .addHelpText(
      'after',
      '\nNeeds no server, no account on this device and no password: the 24 words are read from HOLDFAST_RECOVERY, or asked for.',
    );
  run(async (invocation, options) => {
    const { output, environment } = invocation;
    const dataDir = localFolder(invocation, textOption(options, 'data'));
    const outDir = localFolder(invocation, textOption(options, 'out'));
    const source = { variable: 'HOLDFAST_RECOVERY', prompt: 'The 24 recovery words' } as const;
    const words = await readSecret(source, environment);
    const { rescueAccount } = await import('../app/rescue/rescue-account.ts');
    const { signalled, release } = untilSignal();
    const stop = new AbortController();
    const interrupted = signalled.then(() => {
      const message = 'Interrupted; the files written so far are complete.';
      stop.abort(new HoldfastError('usage', message, { reason: 'interrupted' }));
    });
    interrupted.catch(() => undefined);
    const screen = process.stderr.isTTY ? terminalLine(process.stderr) : null;
    try {
      const report = await rescueAccount({
        dataDir,
        outDir,
        words,
        withDeleted: flag(options, 'deleted'),
        withVersions: flag(options, 'versions'),
        onProgress: (progress) => screen?.show(rescueProgressText(progress)),
        signal: stop.signal,
      });
      screen?.clear();
      output.result(report, () => rescueText(report, outDir));
      return report.problemCount > 0 ? exitCode.attention : exitCode.done;
    } finally {
      screen?.clear();
      release();
    }
  });
};

function rescueProgressText(progress: RescueProgress): string {
  if (progress.phase === 'log')
    return `Reading the log: ${progress.seq} of ${countText(progress.ofSeq, 'entry', 'entries')}`;
  const { vault, files, ofFiles, bytes, ofBytes } = progress;
  return `${printable(vault)}: ${files} of ${countText(ofFiles, 'file')}, ${bytesText(bytes)} of ${bytesText(ofBytes)}`;
}

/** Most items of each kind that people are shown; `--json` has them all. */
const maxShown = 50;

function rescueText(report: RescueReport, outDir: string): string {
  const lines = report.vaults.map(({ folder, files, bytes, deleted, versions }) => {
    const more = [
      ...(deleted > 0 ? [`${countText(deleted, 'deleted file')}`] : []),
      ...(versions > 0 ? [`${countText(versions, 'old version')}`] : []),
    ];
    return `  ${printable(folder)}: ${[`${countText(files, 'file')} (${bytesText(bytes)})`, ...more].join(', ')}`;
  });
  lines.unshift(`Rescued ${countText(report.files, 'file')} of ${printable(report.email)} to ${printable(outDir)}:`);
  if (report.renamedCount > 0) {
    lines.push(
      `${countText(report.renamedCount, 'item')} under another name, because this disk cannot hold their own:`,
    );
    for (const { vault, path, writtenAs } of report.renamed.slice(0, maxShown)) {
      lines.push(`  ${printable(vault)}/${printable(path)} is ${printable(writtenAs)}`);
    }
    lines.push(...leftOver(report.renamedCount));
  }
  if (report.problemCount > 0) {
    lines.push(`${countText(report.problemCount, 'problem')}:`);
    for (const { vault, path, message } of report.problems.slice(0, maxShown)) {
      const where = [vault, path].filter((part) => part !== undefined).join('/');
      lines.push(`  ${where === '' ? '' : `${printable(where)}: `}${printable(message)}`);
    }
    lines.push(...leftOver(report.problemCount));
  }
  return lines.join('\n');
}

const leftOver = (count: number): string[] =>
  count > maxShown ? [`  and ${count - maxShown} more; --json lists them.`] : [];
