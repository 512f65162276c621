import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  autostartEntry,
  configFolderOf,
  isStartedAtLogin,
  programToStart,
  setAutostart,
} from '../../../main/autostart.ts';
import { tempFolder } from '../../helpers/temp.ts';

describe('start at login', () => {
  it('is a file of the desktop’s on Linux, there and gone', async () => {
    const configFolder = await tempFolder('config');
    const app = { getLoginItemSettings: vi.fn(), setLoginItemSettings: vi.fn() };
    const around = { platform: 'linux', configFolder, command: ['/opt/Holdfast/holdfast'] } as const;
    const file = join(configFolder, 'autostart', 'holdfast.desktop');
    setAutostart(app, false, around);
    expect(existsSync(file)).toBe(false);
    setAutostart(app, true, around);
    expect(readFileSync(file, 'utf8')).toContain('\nExec=/opt/Holdfast/holdfast --hidden\n');
    setAutostart(app, false, around);
    expect(existsSync(file)).toBe(false);
    expect(app.setLoginItemSettings).not.toHaveBeenCalled();
  });

  it('is the system’s own setting elsewhere, left alone where it is so already', () => {
    let openAtLogin = false;
    const app = { getLoginItemSettings: () => ({ openAtLogin }) as never, setLoginItemSettings: vi.fn() };
    const set = () => setAutostart(app, true, { platform: 'win32', configFolder: '/nowhere', command: [] });
    set();
    openAtLogin = true;
    set();
    expect(app.setLoginItemSettings).toHaveBeenCalledExactlyOnceWith({ openAtLogin: true, args: ['--hidden'] });
  });

  it('is told by a word or, on macOS, by the system', () => {
    const app = (wasOpenedAtLogin: boolean) => ({ getLoginItemSettings: () => ({ wasOpenedAtLogin }) }) as never;
    expect(isStartedAtLogin(app(false), ['holdfast', '--hidden'], 'win32')).toBe(true);
    expect(isStartedAtLogin(app(true), ['holdfast'], 'darwin')).toBe(true);
    expect(isStartedAtLogin(app(false), ['holdfast'], 'darwin')).toBe(false);
    expect(isStartedAtLogin(app(true), ['holdfast'], 'win32')).toBe(false);
  });

  it.each([
    [{}, '/home/ada/.config'],
    [{ XDG_CONFIG_HOME: '/x' }, '/x'],
    [{ XDG_CONFIG_HOME: '' }, '/home/ada/.config'],
    [{ XDG_CONFIG_HOME: 'x' }, '/home/ada/.config'],
  ])('is kept where the desktop looks: with %j', (environment, folder) => {
    expect(configFolderOf(environment, '/home/ada')).toBe(folder);
  });

  it.each([
    ['/home/ada/My Apps/holdfast', '"/home/ada/My Apps/holdfast"'],
    ['/a/100%/x', '/a/100%%/x'],
    ['/a/$HOME `x` "y" \\', '"/a/\\\\$HOME \\\\`x\\\\` \\\\"y\\\\" \\\\\\\\"'],
    ['/a/%f b', '"/a/%%f b"'],
    ['/a/ä', '"/a/ä"'],
  ])('quotes %j as the specification has it', (word, quoted) => {
    expect(autostartEntry([word])).toContain(`\nExec=${quoted} --hidden\n`);
  });

  it('starts the file of an AppImage, not what that mounts to run', () => {
    const image = { APPIMAGE: '/home/ada/Holdfast.AppImage', APPDIR: '/tmp/.mount_HoldfaX1' };
    expect(programToStart('/tmp/.mount_HoldfaX1/holdfast-desktop', image)).toBe('/home/ada/Holdfast.AppImage');
    expect(programToStart('/opt/Holdfast/holdfast-desktop', image)).toBe('/opt/Holdfast/holdfast-desktop');
    expect(programToStart('/opt/Holdfast/holdfast-desktop', {})).toBe('/opt/Holdfast/holdfast-desktop');
  });

  it('is no entry any more once the program is removed', () => {
    expect(autostartEntry(['/opt/My Apps/holdfast'])).toContain('\nTryExec=/opt/My Apps/holdfast\n');
  });

  it('has no line that a name could add', () => {
    expect(
      autostartEntry(['/a/x\nExec=/bin/evil'])
        .split('\n')
        .filter((line) => /^(Try)?Exec=/.test(line)),
    ).toHaveLength(2);
  });
});
