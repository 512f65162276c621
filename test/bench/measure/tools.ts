import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Child, startProgram } from '../../helpers/run.ts';

/** The longest that one step of a tool may take, in milliseconds: the first sync of a million files takes eight minutes. */
const patience = 1_800_000;

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exit codes that are fine; 0 by default. */
  readonly codes?: readonly number[];
}

/** The programs of one contestant: those that run to their end, and those that stay. */
export interface Tools {
  /** Runs to the end; what it wrote on stdout. Fails with what it said. */
  run(program: string, words: readonly string[], options?: ToolOptions): Promise<string>;
  /** Starts one that stays: part of the server, of a device, or what is between them, which counts for nobody. */
  stay(as: 'server' | 'device' | 'line', program: string, words: readonly string[], options?: ToolOptions): Child;
  /** Ends one that stays, and waits for it. */
  end(child: Child): Promise<void>;
  /** Processes that run now on behalf of devices (short-lived and staying ones), and of the server. */
  readonly devices: ReadonlySet<number>;
  readonly servers: ReadonlySet<number>;
  /** Of the devices', those that stay. */
  readonly daemons: ReadonlySet<number>;
  close(): Promise<void>;
}

export function createTools(): Tools {
  const devices = new Set<number>();
  const servers = new Set<number>();
  const daemons = new Set<number>();
  const staying = new Set<Child>();
  const end = async (child: Child): Promise<void> => {
    staying.delete(child);
    const cut = setTimeout(() => child.signal('SIGKILL'), 20_000);
    await child.kill('SIGTERM');
    clearTimeout(cut);
    for (const set of [devices, servers, daemons]) set.delete(child.pid);
  };
  return {
    devices,
    servers,
    daemons,
    end,
    run: async (program, words, { cwd, env, codes = [0] } = {}) => {
      const child = startProgram(program, words, { ...(cwd && { cwd }), ...(env && { env }), input: '' });
      devices.add(child.pid);
      const cut = setTimeout(() => child.signal('SIGKILL'), patience);
      const { code, signal, stdout, stderr } = await child.finished;
      clearTimeout(cut);
      devices.delete(child.pid);
      if (code === null || !codes.includes(code)) {
        throw new Error(`${program} ${words.join(' ')} ended with ${code ?? signal}\n${stdout}\n${stderr}`);
      }
      return stdout;
    },
    stay: (as, program, words, { cwd, env } = {}) => {
      const child = startProgram(program, words, { ...(cwd && { cwd }), ...(env && { env }) });
      staying.add(child);
      if (as === 'server') servers.add(child.pid);
      if (as === 'device') devices.add(child.pid);
      if (as === 'device') daemons.add(child.pid);
      return child;
    },
    close: async () => {
      await Promise.all([...staying].map(end));
    },
  };
}

/** Whether a program of that name is installed. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
