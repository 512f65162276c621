import { describe, expect, it } from 'vitest';
import { runLightly } from '../../../main/run-lightly.ts';

function started(environment: Record<string, string>, platform: NodeJS.Platform = 'linux') {
  const said: string[] = [];
  runLightly(
    {
      disableHardwareAcceleration: () => void said.push('no graphics card'),
      commandLine: {
        appendSwitch: (name: string, value?: string) => void said.push(value === undefined ? name : `${name}=${value}`),
      } as unknown as Electron.CommandLine,
    },
    environment,
    platform,
  );
  return { said, environment };
}

describe('what is left out of Chromium', () => {
  it('is the graphics card, one made of software, the driver of GTK’s, and a process for the network alone', () => {
    const { said, environment } = started({});
    expect(said).toEqual([
      'no graphics card',
      'disable-software-rasterizer',
      'enable-features=NetworkServiceInProcess2',
    ]);
    expect(environment).toEqual({ GDK_GL: 'disable' });
  });

  it('is not the process for the network where it is in a sandbox', () => {
    for (const platform of ['win32', 'darwin'] as const) {
      expect(started({}, platform).said).toEqual(['no graphics card', 'disable-software-rasterizer']);
    }
  });

  it('leaves to the person what they chose for GTK', () => {
    expect(started({ GDK_GL: 'always' }).environment).toEqual({ GDK_GL: 'always' });
  });
});
