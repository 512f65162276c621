import { existsSync } from 'node:fs';
import { z } from 'zod';
import { removeFile } from '../home/atomic-file.ts';
import type { Home } from '../home/home.ts';
import { stateFile } from '../home/state-file.ts';

const daemon = z.object({
  pid: z.int().min(1),
  port: z.int().min(1).max(65_535),
  /** 256 bits, base64url: whoever has it may do all that the contract offers. */
  token: z.string().min(43).max(43),
  rpcVersion: z.int(),
  startedAt: z.number(),
});

/**
 * Where the daemon's door is and what opens it. A daemon that was killed leaves it behind, and its port is anyone's then: who
 * takes the lock of the home removes it first of all.
 */
export type DaemonFile = z.output<typeof daemon>;

export const daemonFile = (home: Home) => stateFile(home.daemonFile, 1, daemon);

export function removeDaemonFile(home: Home): void {
  if (existsSync(home.daemonFile)) removeFile(home.daemonFile);
}
