import type { Output } from '../../../../src/rpc/contract.ts';
import type { Settings } from '../../../../src/rpc/home-report.ts';

export const settings: Settings = {
  upBytesPerSecond: 2048 * 1024,
  downBytesPerSecond: null,
  language: 'en',
  theme: 'light',
  notifications: 'important',
  startAtLogin: true,
};

export const appInfo: Output<'app-info'> = {
  version: '0.1.0',
  platform: 'linux',
  keychain: 'system',
  canChooseFolder: true,
  canOpenFiles: true,
  canStartAtLogin: true,
  proposedFolder: '/home/ada/Holdfast',
  deviceName: 'Ada’s desk',
};

export const doctor = (): Output<'doctor'> => ({
  versions: { holdfast: '0.1.0', node: '24.21.0' },
  checks: [
    {
      name: 'self-test',
      result: 'ok',
      message: 'All known answers are right. Argon2id by @node-rs/argon2, local hash blake3.',
      hint: null,
    },
    {
      name: 'watch',
      result: 'warning',
      message:
        '9120 folders to watch, but the system allows 8192 for all programs. The rest is checked from time to time.',
      hint: null,
    },
    { name: 'clock', result: 'ok', message: 'This computer and the server differ by 1 s at most.', hint: null },
    { name: 'server', result: 'failed', message: 'The server https://sync.example.org cannot be reached.', hint: null },
  ],
});
