import { HoldfastError } from '../../common/errors.ts';
import type { AppInfo } from '../../rpc/app-report.ts';

/** What stands around the engine: a desktop app, or nothing but the system. */
export interface Host extends Pick<AppInfo, 'canChooseFolder' | 'canOpenFiles' | 'canStartAtLogin'> {
  /** Asks the person for a folder; null if they changed their mind. */
  chooseFolder(): Promise<string | null>;
  /** Shows a file or folder in the system's file manager; runs nothing. */
  showFile(path: string): Promise<void>;
  /** Runs the storage server on this computer, or finds it running. Its address. */
  startServer(): Promise<string>;
}

const noDesktop = (): HoldfastError =>
  new HoldfastError('usage', 'Only the desktop app can do this.', { reason: 'no-desktop' });

/** Without a desktop. */
export const bareHost = (startServer: Host['startServer']): Host => ({
  canChooseFolder: false,
  canOpenFiles: false,
  canStartAtLogin: false,
  chooseFolder: () => Promise.reject(noDesktop()),
  showFile: () => Promise.reject(noDesktop()),
  startServer,
});

/** In a command that ends when it is done, nothing may be left running. */
export const noHost: Host = bareHost(() =>
  Promise.reject(
    new HoldfastError('usage', 'A single command cannot keep a server running.', {
      reason: 'not-running',
      hint: 'Use `serve`, or start Holdfast.',
    }),
  ),
);
