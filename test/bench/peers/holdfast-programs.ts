import { join } from 'node:path';
import { cliFlags } from '../../helpers/cli-flags.ts';
import { type Child, repository } from '../../helpers/run.ts';
import { type Line, throughLine } from '../line/through-line.ts';
import type { Tools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';

const command = [...cliFlags, join(repository, 'src/cli/holdfast.mjs')];
const env = {
  HOLDFAST_PASSWORD: 'quiet lamp orbits seven pines',
  HOLDFAST_HOME: undefined,
  HOLDFAST_KEY_PASSPHRASE: undefined,
  XDG_CACHE_HOME: join(repository, 'node_modules/.cache'),
};

export interface HoldfastServer {
  readonly url: string;
  readonly child: Child;
}

/** `holdfast serve`, when it answers, and the address by which it is reached. */
export async function startServer(tools: Tools, data: string, line: Line | null = null): Promise<HoldfastServer> {
  const port = line === null ? 0 : await freePort();
  const near = await throughLine(tools, line, port);
  const address = line === null ? [] : ['--listen', `127.0.0.1:${port}`, '--origin', `http://127.0.0.1:${near}`];
  const words = [...command, 'serve', '--data', data, ...address, '--json'];
  const child = tools.stay('server', process.execPath, words, { env });
  const { url } = JSON.parse(await child.line()) as { url: string };
  return { url: line === null ? url : `http://127.0.0.1:${near}`, child };
}

/** One device, as the command line has it: a home of its own. */
export interface HoldfastDevice {
  readonly home: string;
  /** A command to its end; the document that it prints. */
  run(...words: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
  /** `holdfast daemon`, when it is ready. */
  startDaemon(): Promise<Child>;
}

export function holdfastDevice(tools: Tools, home: string): HoldfastDevice {
  const words = (rest: readonly string[]): readonly string[] => [...command, ...rest, '--home', home, '--json'];
  return {
    home,
    run: async (...rest) => JSON.parse(await tools.run(process.execPath, words(rest), { env })),
    startDaemon: async () => {
      const child = tools.stay('device', process.execPath, words(['daemon']), { env });
      await child.line(() => true, 60_000);
      return child;
    },
  };
}

/** Joins the account, which the first device makes, and adds the folder. */
export async function joinAccount(
  device: HoldfastDevice,
  url: string,
  isFirst: boolean,
  folder: string,
): Promise<void> {
  await device.run(isFirst ? 'signup' : 'login', '--server', url, '--email', 'bench@example.org');
  await device.run('add', folder, '--vault', 'Bench');
}
