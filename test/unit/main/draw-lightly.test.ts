import { describe, expect, it } from 'vitest';
import { drawLightly } from '../../../main/draw-lightly.ts';

function drawn(environment: Record<string, string>) {
  const said: string[] = [];
  drawLightly(
    {
      disableHardwareAcceleration: () => void said.push('no graphics card'),
      commandLine: { appendSwitch: (name: string) => void said.push(name) } as unknown as Electron.CommandLine,
    },
    environment,
  );
  return { said, environment };
}

describe('drawing without the graphics card', () => {
  it('uses no card, none made of software, and no driver of GTK’s', () => {
    const { said, environment } = drawn({});
    expect(said).toEqual(['no graphics card', 'disable-software-rasterizer']);
    expect(environment).toEqual({ GDK_GL: 'disable' });
  });

  it('leaves to the person what they chose for GTK', () => {
    expect(drawn({ GDK_GL: 'always' }).environment).toEqual({ GDK_GL: 'always' });
  });
});
