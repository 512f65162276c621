import { chmodSync, chownSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { expect } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { type Row, testRows } from '../../helpers/scenario-rows.ts';

const mode = (device: ScenarioDevice, path: string): number => statSync(device.files.at(path)).mode & 0o777;

/** Microseconds, as far as a double holds them. */
const mtimeUs = (device: ScenarioDevice, path: string): number =>
  Math.round(statSync(device.files.at(path)).mtimeMs * 1000);

/** Seconds since 1970. */
const times: Readonly<Record<string, number>> = {
  'in 1970': 0,
  'before 1970': -86_400.5,
  'in 1901': -2_147_483_648,
  'in 2106': 4_294_967_297.25,
  'to a tenth of a microsecond': 1_700_000_000.1234567,
  'just before a second': 1_699_999_999.999999,
};

const rows: readonly Row[] = [
  {
    id: 'PRM-01',
    promise: 'the exec bit arrives, and takes no upload',
    init: (at) => at.write('f', '1'),
    a: (at) => at.exec('f', true),
    end: { f: '1 +x' },
    maxSent: 0,
  },
  {
    id: 'PRM-01',
    promise: 'the exec bit goes again',
    init: (at) => {
      at.write('f', '1');
      at.exec('f', true);
    },
    a: (at) => at.exec('f', false),
    timings: ['offline', 'killed'],
    end: { f: '1' },
    maxSent: 0,
  },
  {
    id: 'PRM-02',
    promise: 'an edit keeps the exec bit',
    init: (at) => {
      at.write('f', '1');
      at.exec('f', true);
    },
    a: (at) => at.write('f', '22'),
    end: { f: '22 +x' },
  },
  {
    id: 'PRM-02',
    promise: 'an edit elsewhere and a new exec bit here: both contents, nothing silent',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', '22'),
    b: (at) => at.exec('f', true),
    end: [{ f: '22' }, { f: '22 +x' }, { f: '22', 'cc(f)': '1 +x' }, { f: '1 +x', 'cc(f)': '22' }],
  },
  {
    id: 'PRM-03',
    promise: 'each device keeps its own other mode bits',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', '22'),
    b: (at) => chmodSync(at.at('f'), 0o640),
    end: { f: '22' },
    check: ({ A, B }) => {
      expect(mode(B, 'f')).toBe(0o640);
      expect(mode(A, 'f')).toBe(0o644);
    },
  },
  {
    id: 'PRM-03',
    promise: 'what takes the name of a private file that was edited on both devices is private',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', '22'),
    b: (at) => {
      chmodSync(at.at('f'), 0o600);
      at.write('f', '333');
    },
    timings: ['offline'],
    end: [
      { f: '22', 'cc(f)': '333' },
      { f: '333', 'cc(f)': '22' },
    ],
    check: ({ B }) => expect(mode(B, 'f')).toBe(0o600),
  },
  {
    id: 'PRM-03',
    promise: 'both versions of a file that is private on both devices are private on both',
    init: (at) => at.write('f', '1'),
    a: (at) => {
      chmodSync(at.at('f'), 0o600);
      at.write('f', '22');
    },
    b: (at) => {
      chmodSync(at.at('f'), 0o600);
      at.write('f', '333');
    },
    timings: ['offline'],
    end: [
      { f: '22', 'cc(f)': '333' },
      { f: '333', 'cc(f)': '22' },
    ],
    check: ({ A, B }) => {
      const modes = (device: ScenarioDevice) =>
        readdirSync(device.files.at('')).flatMap((name) => (name.startsWith('f') ? [mode(device, name)] : []));
      expect([...modes(A), ...modes(B)]).toEqual([0o600, 0o600, 0o600, 0o600]);
    },
  },
  {
    id: 'PRM-03',
    promise: 'a private file that becomes executable stays private',
    init: (at) => at.write('f', '1'),
    a: (at) => at.exec('f', true),
    b: (at) => chmodSync(at.at('f'), 0o600),
    end: { f: '1 +x' },
    check: ({ B }) => expect(mode(B, 'f')).toBe(0o700),
  },
  ...Object.entries(times).map(
    ([title, time]): Row => ({
      id: 'PRM-08',
      promise: `a time ${title} arrives, and settles`,
      a: (at) => {
        at.write('f', '1');
        // As text: of a negative number Node makes the present time.
        utimesSync(at.at('f'), String(time), String(time));
      },
      end: { f: '1' },
      timings: ['offline'],
      check: ({ A, B }) => {
        expect(Math.abs(mtimeUs(A, 'f') - time * 1e6)).toBeLessThanOrEqual(1);
        expect(mtimeUs(B, 'f')).toBe(mtimeUs(A, 'f'));
      },
    }),
  ),
  {
    id: 'PRM-08',
    promise: 'a time later than any that the formats hold is taken for their last one, and holds up nothing',
    a: (at) => {
      at.write('f', '1');
      at.write('g', '22');
      utimesSync(at.at('f'), '13000000000', '13000000000');
    },
    end: { f: '1', g: '22' },
    timings: ['offline'],
    check: ({ A, B }) => {
      expect(mtimeUs(A, 'f')).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
      expect(Math.abs(mtimeUs(B, 'f') - Number.MAX_SAFE_INTEGER)).toBeLessThanOrEqual(2);
    },
  },
  {
    id: 'PRM-09',
    promise: 'an edit with an older time is an edit',
    init: (at) => at.write('f', '1'),
    a: (at) => {
      at.write('f', '22');
      at.touch('f', new Date(1_000_000_000_000));
    },
    end: { f: '22' },
    check: ({ B }) => expect(mtimeUs(B, 'f')).toBe(1_000_000_000_000_000),
  },
  {
    id: 'PRM-09',
    promise: 'an edit of the same size with an older time is an edit',
    init: (at) => at.write('f', '11'),
    a: (at) => {
      at.write('f', '22');
      at.touch('f', new Date(1_000_000_000_000));
    },
    timings: ['offline', 'live'],
    end: { f: '22' },
  },
  {
    id: 'PRM-09',
    promise: 'an edit of the same size whose time was put back is an edit',
    init: (at) => {
      at.write('f', '11');
      at.touch('f', new Date(1_000_000_000_000));
    },
    a: (at) => {
      at.write('f', '22');
      at.touch('f', new Date(1_000_000_000_000));
    },
    timings: ['offline', 'live'],
    end: { f: '22' },
  },
  (() => {
    const before = new Map<string, number>();
    return {
      id: 'PRM-11',
      promise: 'reading a file for upload leaves its times alone',
      a: (at) => {
        at.write('f', '1');
        at.write('big', Buffer.alloc(3_000_000, 7));
        for (const path of ['f', 'big']) before.set(at.at(path), statSync(at.at(path)).ctimeMs);
      },
      end: (): Record<string, string> => ({ f: '1', big: expect.stringMatching(/^3000000 bytes/) as string }),
      timings: ['offline', 'killed'],
      check: ({ A }) => {
        for (const path of ['f', 'big']) {
          expect(statSync(A.files.at(path)).ctimeMs).toBe(must(before.get(A.files.at(path)) ?? null));
        }
      },
    } satisfies Row;
  })(),
  {
    id: 'PRM-12',
    promise: 'owner, group and mode of other people are nobody else’s: nothing is sent, nothing loops',
    init: (at) => at.write('f', '1'),
    a: (at) => {
      chmodSync(at.at('f'), 0o664);
      if (process.getuid?.() === 0) chownSync(at.at('f'), 65_534, 65_534);
    },
    timings: ['offline', 'live'],
    end: { f: '1' },
    maxSent: 0,
    check: async ({ A, B }) => {
      expect(mode(B, 'f')).toBe(0o644);
      expect(await A.now.pair.versions('f')).toHaveLength(1);
    },
  },
];

testRows('8 Permissions, exec bit, mtime', rows);
