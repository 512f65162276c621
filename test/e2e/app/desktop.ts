import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const shared = join(repository, '..', 'shared', 'electron');
const needs = [
  'xvfb-run',
  'dbus-run-session',
  'gnome-keyring-daemon',
  'openbox',
  'trayer',
  'xdotool',
  'dunst',
  'dbus-monitor',
];

/** Why no desktop can be made here; null if one can. */
export function whyNoDesktop(): string | null {
  if (process.platform !== 'linux') return 'its desktop is made of Linux’s programs';
  if (!existsSync(join(shared, 'with-desktop.sh'))) return `${shared} is not there`;
  const missing = needs.filter((name) => !onPath(name));
  return missing.length === 0 ? null : `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}

const onPath = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));

export interface Desktop {
  /** What a program needs to be on it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * An X server with a window manager, a tray, a session bus and an unlocked keyring, for as long as it is open. `by`: the program
 * and its words that make another user of whatever follows.
 */
export async function openDesktop(by: readonly string[] = []): Promise<Desktop> {
  const folder = await tempFolder('desktop');
  // Whoever owns the desktop writes it down there.
  chmodSync(folder, 0o777);
  const file = join(folder, 'environment');
  // It ends when its input does, so also when this process is killed.
  const hold = 'env -0 > "$1" && echo ready && cat > /dev/null';
  const [program = '', ...words] = [...by, join(shared, 'with-desktop.sh'), 'bash', '-c', hold, 'hold', file];
  const held = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => held.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    held.stdout.once('data', () => resolve());
    void gone.then(() => reject(new Error('the desktop did not start')));
  });
  const lines = readFileSync(file, 'utf8').split('\0');
  const environment = Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return {
    environment,
    close: async () => {
      held.stdin.end();
      await gone;
    },
  };
}

export const sharedElectron = join(shared, 'get-electron.sh');
