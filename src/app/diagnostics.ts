import type { Output } from '../rpc/contract.ts';
import { settings } from '../rpc/home-report.ts';
import { rpcVersion } from '../rpc/version.ts';
import { readAppVersion } from './app-version.ts';
import type { Device } from './device.ts';
import { readTextFile } from './home/atomic-file.ts';

/** Lines of the log that are told. */
const logLines = 500;
/** The only fields of a log line that never hold a name, a path or an address. */
const told = ['time', 'level', 'message', 'kind', 'reason', 'security', 'code', 'count', 'seq', 'port'] as const;

/**
 * What whoever helps needs to see, and nothing that says whose it is: no names, paths, addresses, ids of accounts or
 * secrets. What may be told is listed; the rest is left out.
 */
export async function diagnose(device: Device): Promise<Output<'diagnostics'>> {
  const { examine } = await import('./doctor/examine.ts');
  const { versions, checks } = await examine(device);
  const status = device.status();
  const report = {
    app: readAppVersion(),
    rpc: rpcVersion,
    versions,
    keychain: device.ports.keychain.kind,
    state: status.state,
    isRunning: status.isRunning,
    isSignedIn: status.account !== null,
    pairs: status.pairs.map(({ state, files, folders, pending, held, issues, seq, serverSeq, lastSyncedAt }) => {
      return { state, files, folders, pending, held, issues, seq, serverSeq, lastSyncedAt };
    }),
    // Of no more than what is known to tell nothing of files.
    settings: settings.parse(device.config().settings),
    checks: checks.map(({ name, result }) => ({ name: name.split(' ', 1)[0], result })),
    log: recentLog(device.ports.home.logFile),
  };
  const day = new Date(device.ports.clock.now()).toISOString().slice(0, 10);
  return { fileName: `holdfast-diagnostics-${day}.json`, text: `${JSON.stringify(report, null, 2)}\n` };
}

function recentLog(file: string): unknown[] {
  const lines = (readTextFile(file) ?? '').trimEnd().split('\n').slice(-logLines);
  return lines.flatMap((line) => {
    try {
      const entry = JSON.parse(line) as Record<string, unknown>;
      const error = entry['error'] as { name?: unknown; code?: unknown } | undefined;
      const kept: Record<string, unknown> = {};
      for (const name of told) if (isPlain(entry[name])) kept[name] = entry[name];
      if (error !== undefined) kept['error'] = { name: error.name, code: error.code };
      return [kept];
    } catch {
      return [];
    }
  });
}

const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
