import { forgetPeak, peakMemory } from './peak-memory.ts';

/** Peaks in MB while a command ran. */
export interface MemoryRow {
  readonly command: string;
  readonly client: number;
  readonly server: number;
}

/** Records how much memory client and server took for each command, and whether that is within the limits. */
export interface MemoryBook {
  /** Watches both until the returned function is called. */
  watch(command: string, pids: { readonly client: number; readonly server: number | undefined }): () => void;
  readonly rows: readonly MemoryRow[];
  /** The commands that took more than the limits. */
  excess(): readonly MemoryRow[];
  /** A plain table, a row for each command, the limits last. */
  table(): string;
}

const sampleMs = 50;

export function memoryBook(limits: { readonly client: number; readonly server: number }): MemoryBook {
  const rows: MemoryRow[] = [];
  return {
    rows,
    watch(command, pids) {
      const peaks = { client: 0, server: 0 };
      if (pids.server !== undefined) forgetPeak(pids.server);
      const sample = (): void => {
        for (const side of ['client', 'server'] as const) {
          const pid = pids[side];
          if (pid !== undefined) peaks[side] = Math.max(peaks[side], peakMemory(pid) ?? 0);
        }
      };
      // The kernel keeps the peak; it goes with the process, so the last look is to be close to its end.
      const timer = setInterval(sample, sampleMs);
      return () => {
        clearInterval(timer);
        sample();
        rows.push({ command, ...peaks });
      };
    },
    excess: () => rows.filter((row) => row.client > limits.client || row.server > limits.server),
    table() {
      const line = (command: string, client: string, server: string): string =>
        `${command.padEnd(24)}${client.padStart(12)}${server.padStart(12)}`;
      const mb = (value: number): string => `${Math.round(value)} MB`;
      return [
        line('command', 'client', 'server'),
        ...rows.map((row) => line(row.command, mb(row.client), mb(row.server))),
        line('limit', mb(limits.client), mb(limits.server)),
      ].join('\n');
    },
  };
}
