import { constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeOf, put } from '../../contract/disk-contract.ts';
import { dice } from '../random.ts';
import { makeSimDisk } from './sim-disk.ts';
import { ext4, type SimTraits, simDisks } from './sim-traits.ts';

const { O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } = constants;

const diskOf = (traits: SimTraits = ext4, seed = 1) => {
  const disk = makeSimDisk({ clock: { now: () => 1_700_000_000_000 }, dice: dice(seed, 'disk'), traits });
  return { disk, person: disk.person, program: disk.open() };
};

describe('what kind of disk it is', () => {
  it('finds a name in any case, keeps it as written, and changes its spelling by a rename', () => {
    const { person } = diskOf(simDisks.apfs);
    person.write('/Read me', 'one');
    person.write('/READ ME', 'two');
    expect([person.list('/'), person.readText('/read me')]).toEqual([['Read me'], 'two']);
    person.rename('/Read me', '/read me');
    expect(person.list('/')).toEqual(['read me']);
  });

  it.each([
    ['sensitive', ['e\u0301', '\u00e9']],
    ['insensitive', ['e\u0301']],
    ['nfc', ['\u00e9']],
    ['nfd', ['e\u0301']],
  ] as const)('takes Unicode forms as %s', (form, names) => {
    const { person } = diskOf({ ...ext4, form });
    person.write('/e\u0301', 'one');
    person.write('/\u00e9', 'two');
    expect(person.list('/')).toEqual(names);
  });

  it('refuses what Windows refuses', () => {
    const { program } = diskOf(simDisks.ntfs);
    for (const name of ['a:b', 'nul', 'Com1.txt', 'dot.', 'space ', 'a\nb', 'x?']) {
      expect([name, codeOf(() => put(program, `/${name}`, ''))]).toEqual([name, 'EINVAL']);
    }
  });

  it('cuts times down to its steps, has no second names and no mode bits, as FAT', () => {
    const { person, program } = diskOf(simDisks.fat);
    person.write('/f', 'one');
    person.touch('/f', 1_600_000_001_234_567);
    expect(program.statSync('/f').mtimeMs).toBe(1_600_000_000_000);
    expect(codeOf(() => person.link('/f', '/g'))).toBe('EPERM');
    expect(codeOf(() => person.setMode('/f', 0o644))).toBe('EPERM');
  });

  it('gives the number of a removed file to the next one, or never again', () => {
    for (const traits of [ext4, simDisks['ext4, hasty']]) {
      const { person, program } = diskOf(traits);
      person.write('/f', 'one');
      const { ino } = program.statSync('/f');
      person.replace('/g', 'two');
      person.remove('/f');
      person.write('/h', 'three');
      expect(program.statSync('/h').ino === ino).toBe(traits.reusesInodes);
    }
  });

  it('makes up other numbers at each mount, where they are not stable', () => {
    const { disk, person, program } = diskOf(simDisks.fat);
    person.write('/f', 'one');
    const before = program.statSync('/f').ino;
    disk.crash();
    expect(disk.open().statSync('/f').ino).not.toBe(before);
  });

  it('is full at its capacity, takes what fits, and has room again for what is removed', () => {
    const { disk, person, program } = diskOf({ ...ext4, capacity: 10 * 4096 });
    const handle = program.openSync('/f', O_WRONLY | O_CREAT);
    const bytes = new Uint8Array(8 * 4096);
    expect(program.writeSync(handle, bytes, 0, bytes.length, 0)).toBe(bytes.length);
    expect(program.writeSync(handle, bytes, 0, bytes.length, bytes.length)).toBe(2 * 4096);
    expect(codeOf(() => program.writeSync(handle, bytes, 0, 1, 10 * 4096))).toBe('ENOSPC');
    expect(codeOf(() => program.mkdirSync('/d', 0o777))).toBe('ENOSPC');
    person.remove('/f');
    // It is open still.
    expect(disk.freeSpace).toBe(0);
    program.closeSync(handle);
    expect(disk.freeSpace).toBe(10 * 4096);
  });

  it('stamps each change with a time of its own within one millisecond of the clock', () => {
    const { person, program } = diskOf();
    person.write('/f', 'a');
    const first = program.statSync('/f');
    person.writeAt('/f', 'b', 0);
    expect(program.statSync('/f').mtimeMs).toBeGreaterThan(first.mtimeMs);
  });
});

describe('what goes wrong', () => {
  it('fails the n-th call of a kind, once', () => {
    const { disk, program } = diskOf();
    disk.fail({ code: 'EIO', calls: ['mkdir'], nth: 2 });
    const codes = ['a', 'b', 'c'].map((name) => codeOf(() => program.mkdirSync(`/${name}`, 0o777)));
    expect(codes).toEqual([null, 'EIO', null]);
    expect(disk.person.list('/')).toEqual(['a', 'c']);
  });

  it('fails by chance, the same for the same seed, on the paths that are meant, until it is taken back', () => {
    const once = (seed: number): string => {
      const { disk, program } = diskOf(ext4, seed);
      const takeBack = disk.fail({ code: 'EACCES', chance: 0.5, path: (path) => path.startsWith('/bad') });
      let codes = '';
      for (let i = 0; i < 30; i++) codes += codeOf(() => put(program, `/bad${i}`, '')) === null ? '.' : 'x';
      expect(codeOf(() => put(program, '/good', ''))).toBeNull();
      takeBack();
      expect(codeOf(() => put(program, '/bad', ''))).toBeNull();
      return codes;
    };
    expect(once(1)).toBe(once(1));
    expect(once(1)).not.toBe(once(2));
    expect(once(1)).toMatch(/x.*\.|\..*x/);
  });

  it('spares the person', () => {
    const { disk, person } = diskOf();
    disk.fail({ code: 'EIO' });
    person.write('/f', 'one');
    person.rename('/f', '/g');
    expect(person.readText('/g')).toBe('one');
  });

  it('keeps others from a file that a person’s program holds', () => {
    const { disk, person, program } = diskOf();
    person.write('/f', 'one');
    const unlock = disk.lock('/f');
    expect(codeOf(() => program.openSync('/f', O_RDONLY))).toBe('EBUSY');
    expect(codeOf(() => program.renameSync('/f', '/g'))).toBe('EBUSY');
    expect(codeOf(() => program.renameSync('/f', '/f'))).toBe('EBUSY');
    expect(codeOf(() => program.unlinkSync('/f'))).toBe('EBUSY');
    person.append('/f', ' more');
    unlock();
    expect(program.readTextSync('/f')).toBe('one more');
  });

  it('ends a program right after a call of its own, with all its handles', () => {
    const { disk, program } = diskOf();
    const handle = program.openSync('/f', O_RDWR | O_CREAT);
    let deaths = 0;
    program.endAfter(2, () => void deaths++);
    program.mkdirSync('/a', 0o777);
    program.mkdirSync('/b', 0o777);
    expect(codeOf(() => program.mkdirSync('/c', 0o777))).toBe('EIO');
    expect(codeOf(() => program.writeSync(handle, new Uint8Array(1), 0, 1, 0))).toBe('EIO');
    expect(codeOf(() => program.closeSync(handle))).toBeNull();
    expect([deaths, program.isAlive, disk.person.list('/')]).toEqual([1, false, ['a', 'b', 'f']]);
  });
});

it('shows what is there as it was, whatever is written later', () => {
  const { disk, person } = diskOf();
  person.makeFolder('/d/e');
  person.write('/d/f', 'one');
  person.setExec('/d/f', true);
  person.symlink('/d/l', 'f');
  const before = disk.snapshot('/d');
  person.writeAt('/d/f', 'two', 0);
  const seen = [...before].map(([path, { kind, bytes, exec, target }]) => [
    path,
    kind,
    new TextDecoder().decode(bytes),
    exec,
    target,
  ]);
  expect(seen).toEqual([
    ['e', 'folder', '', false, ''],
    ['f', 'file', 'one', true, ''],
    ['l', 'symlink', '', false, 'f'],
  ]);
  expect(new TextDecoder().decode(disk.contentOf('/d/f') ?? undefined)).toBe('two');
});
