import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { both, failingDisk, inHurry, shiftedClock } from '../../faults/hooks.ts';
import type { ProcessSetup, RealDevice } from '../../faults/real-device.ts';
import { expectRealOracles, settleAll } from '../../faults/real-oracles.ts';
import { type RealWorld, realWorld } from '../../faults/real-world.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';

const hour = 3_600_000;
const day = 24 * hour;

let world: RealWorld;
let a: RealDevice;
let b: RealDevice;
let clock: string;
let wrong: ProcessSetup;
const setClock = (offset: number): void => writeFileSync(clock, String(offset));

beforeAll(async () => {
  world = await realWorld();
  [a, b] = world.devices as [RealDevice, RealDevice];
  clock = join(await tempFolder('clock'), 'offset');
  setClock(0);
  wrong = shiftedClock(clock);
});
afterAll(async () => {
  for (const device of world.devices) await device.kill();
  await settleAll(world);
  await expectRealOracles(world);
  await world.close();
});

describe('13 Clocks that are wrong, in real processes', () => {
  test('CLK-02 a clock that stands in 2001: it syncs all the same, or says what is wrong', async () => {
    setClock(Date.parse('2001-01-01') - Date.now());
    a.files.write('from 2001', 'written by a device that is far behind');
    b.files.write('both', 'of b');
    a.files.write('both', 'of a, longer');
    await a.sync(wrong);
    await b.sync();
    await a.sync(wrong);
    expect(a.files.tree()).toEqual(b.files.tree());
    expect(Object.values(b.files.tree())).toEqual(expect.arrayContaining(['of b', 'of a, longer']));
    // Nothing is thrown away by a clock: neither a trash nor a history.
    setClock(3650 * day);
    a.files.write('from 2001', 'and then one that is far ahead');
    await a.sync(wrong);
    await b.sync();
    expect(b.files.read('from 2001')).toBe('and then one that is far ahead');
    const { versions } = (await b.run(['versions', 'from 2001'])).json as { versions: unknown[] };
    expect(versions).toHaveLength(2);
  });

  test('CLK-03 a clock that steps back an hour while it watches: no change is missed, no wait becomes an hour', async () => {
    setClock(0);
    const off = `${clock}.off`;
    const busy = failingDisk({ seed: 1, off, rules: [{ calls: ['link'], code: 'EBUSY', paths: '/folder/busy$' }] });
    await b.startDaemon(both(both(wrong, busy), inHurry()));
    await b.until();
    a.files.write('busy', 'arrives when it can');
    await a.sync();
    await b.until((now) => now.state === 'needs-attention', 'to show what it cannot write');
    setClock(-hour);
    writeFileSync(off, '');
    b.files.write('after the step', 'seen at once');
    await eventually(() => b.files.has('busy'), { what: 'the next try, by a clock that only goes on' });
    await b.until();
    await b.kill();
    await a.sync();
    expect(a.files.read('after the step')).toBe('seen at once');
  });

  test('CLK-06 a session that a skewed clock takes for good or for over: it is renewed, by itself', async () => {
    for (const offset of [-3 * day, 3 * day]) {
      setClock(offset);
      a.files.write('skewed', randomBytes(100));
      await a.sync(wrong);
      await b.sync();
      expect(b.files.read('skewed')).toBe(a.files.read('skewed'));
    }
    // The server forgets its sessions; the clock says that this one is good for years.
    const rule = world.proxy.when({
      on: 'getLog',
      times: 1,
      fault: {
        type: 'status',
        status: 401,
        body: { error: { kind: 'refused', reason: 'session', message: 'The session is over.' } },
      },
    });
    a.files.write('skewed', 'once more');
    await a.sync(wrong);
    expect(rule.hits).toBe(1);
  });
});
