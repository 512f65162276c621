import { fileURLToPath } from 'node:url';
import type { Tools } from '../measure/tools.ts';
import { freePort } from '../peers/free-port.ts';

/** How far away a server is. */
export interface Line {
  readonly roundTripMs: number;
  readonly mbitPerSecond: number;
}

const program = fileURLToPath(new URL('far-line.ts', import.meta.url));

/** The port by which that one of a server is reached over `line`; itself if there is none. */
export async function throughLine(tools: Tools, line: Line | null, port: number): Promise<number> {
  if (line === null) return port;
  const near = await freePort();
  const words = [program, near, port, line.roundTripMs, line.mbitPerSecond].map(String);
  await tools.stay('line', process.execPath, words).line();
  return near;
}
