import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import type { Fault } from '../../faults/fault.ts';
import { inHurry } from '../../faults/hooks.ts';
import { contentsOf, networkWorld } from '../../faults/network-world.ts';
import { badLine } from '../../faults/random-faults.ts';
import { retryAll, settleAll } from '../../faults/real-oracles.ts';
import { eventually } from '../../helpers/eventually.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { withoutMarks } from '../../helpers/scenario-files.ts';

const mib = 1024 * 1024;
const hurry = inHurry();

describe('11 Network faults, between real processes', () => {
  const line = networkWorld();
  const isFull = process.env['HOLDFAST_FULL'] !== undefined;

  test('NET-02 an upload that is cut again and again sends no more than was under way a second time', async () => {
    const { world, a } = line;
    const cuts = 3;
    // More than all of the requests that get through before a cut can hold.
    const size = cuts * 5 * 2 * mib + 10 * mib;
    a.files.write('large', randomBytes(size));
    for (let cut = 0; cut < cuts; cut++) {
      const rule = world.proxy.when({ on: ['putObject', 'putObjects'], skip: 5, fault: { type: 'refuse' } });
      expect((await a.trySync(hurry)).code).toBe(3);
      rule.end();
    }
    await a.sync();
    const underWay = 3 * 5 * mib;
    const stored = world.proxy.passed.filter(({ name, fault }) => name?.startsWith('putObject') && fault === null);
    const up = stored.reduce((sum, { bytesUp }) => sum + bytesUp, 0);
    expect(up).toBeLessThan(size * 1.05 + cuts * underWay);
  });

  test('NET-02 a download that is cut goes on where it was', async () => {
    const { world, a, b } = line;
    const size = 24 * mib;
    a.files.write('large', randomBytes(size));
    await a.sync();
    world.proxy.forget();
    const cuts = 3;
    for (let cut = 0; cut < cuts; cut++) {
      const rule = world.proxy.when({
        on: ['getObject', 'getObjects'],
        skip: 2,
        fault: { type: 'cut-reply', after: 100_000 },
      });
      expect((await b.trySync(hurry)).code).toBe(3);
      expect(b.files.has('large'), 'nothing under the final name').toBe(false);
      rule.end();
    }
    await b.sync();
    const served = world.proxy.passed.filter(({ fault }) => fault === null);
    const down = served.reduce((sum, { bytesDown }) => sum + bytesDown, 0);
    expect(down).toBeLessThan(size * 1.05 + cuts * 8 * mib);
  });

  test('NET-03 a reply that is lost: one effect, for each call that changes something', async () => {
    const { world, a, b } = line;
    const rules = (['putObjects', 'putObject', 'appendLog'] as const).map((on) =>
      world.proxy.when({ on, times: 2, fault: { type: 'lose-reply' } }),
    );
    // A content that is stored alone, then many at once.
    a.files.write('one', randomBytes(mib));
    await a.sync(hurry);
    for (let i = 0; i < 30; i++) a.files.write(`many/${i}`, randomBytes(90_000));
    await a.sync(hurry);
    for (const rule of rules) {
      expect(rule.hits).toBeGreaterThan(0);
      rule.end();
    }
    await b.sync();
    const versions = (await a.run(['versions', 'one'])).json as { versions: unknown[] };
    expect(versions.versions).toHaveLength(1);
    expect(Object.keys(b.files.tree()).filter((path) => path.includes('conflict'))).toEqual([]);
  });

  test('NET-05 replies that come late and in another order change nothing', async () => {
    const { world, a, b } = line;
    const steps = randomSteps(5);
    world.proxy.chaos(() => ({ type: 'delay', ms: steps.below(250) }));
    for (const device of world.devices) await device.startDaemon();
    for (let i = 0; i < 12; i++) {
      a.files.write(`a/${i}`, `from a ${i}`);
      b.files.write(`b/${i}`, `from b, longer ${i}`);
    }
    await eventually(() => expect(b.files.tree()).toEqual(a.files.tree()) ?? Object.keys(a.files.tree()).length === 27);
    for (const device of world.devices) await device.until();
  });

  test('NET-09 maintenance in the middle of many moves: no conflict afterwards', async () => {
    const { world, a, b } = line;
    for (let i = 0; i < 60; i++) a.files.write(`d${i % 6}/${i}`, `content ${i}`);
    await settleAll(world);
    world.proxy.forget();
    for (let i = 0; i < 60; i++) a.files.mv(`d${i % 6}/${i}`, `e${i % 5}/n${i}`);
    let isDown = false;
    // The entry is there, but nobody said so; and then nothing is answered for a while.
    const rules = [
      world.proxy.when({ on: 'appendLog', times: 1, fault: { type: 'status', status: 503, isDelivered: true } }),
      world.proxy.when({ on: 'any', fault: { type: 'status', status: 503 }, onlyIf: () => isDown }),
    ];
    void rules[0]?.hit().then(() => {
      isDown = true;
    });
    expect((await a.trySync(hurry)).code).toBe(3);
    expect((await b.trySync(hurry)).code).toBe(3);
    for (const rule of rules) rule.end();
    await settleAll(world);
    expect(Object.keys(b.files.tree()).filter((path) => path.includes('conflict'))).toEqual([]);
    expect(b.files.read('e0/n0')).toBe('content 0');
    expect(line.bytesOn(['putObject', 'putObjects'], 'bytesUp')).toBe(0);
  });

  test('NET-11 a list that ends too early is not taken for deletions', async () => {
    const { world, a, b } = line;
    for (let i = 0; i < 5; i++) {
      a.files.write(`f${i}`, `content ${i}`);
      await a.sync();
    }
    const cut: Fault = {
      type: 'rewrite',
      change: (body) => {
        const page = JSON.parse(body.toString()) as { entries: unknown[]; isLast: boolean };
        return Buffer.from(JSON.stringify({ ...page, entries: page.entries.slice(0, 2), isLast: true }));
      },
    };
    const fewer: Fault = {
      type: 'rewrite',
      change: (body) => {
        const frames = parseFrames(new Uint8Array(body)) ?? [];
        return Buffer.concat(
          frames.slice(0, 1).flatMap(({ id, bytes }) => [encodeFrameHeader(id, bytes.length), bytes]),
        );
      },
    };
    const none: Fault = {
      type: 'rewrite',
      change: (body) => {
        const frames = parseFrames(new Uint8Array(body)) ?? [];
        return Buffer.concat(frames.map(({ id }) => encodeFrameHeader(id, 0)));
      },
    };
    const before = Object.keys(b.files.tree());
    for (const [on, fault] of [
      ['getLog', cut],
      ['getObjects', fewer],
      ['getObjects', none],
    ] as const) {
      const rule = world.proxy.when({ on, fault });
      const report = await b.trySync(hurry);
      expect(report.held).toBe(0);
      expect(Object.keys(b.files.tree())).toEqual(expect.arrayContaining(before));
      rule.end();
    }
    await retryAll(b);
    await b.sync();
    expect(b.files.tree()).toEqual(a.files.tree());
  });

  test('NET-12 three days without a line, with changes on both sides', async () => {
    const { world, a, b } = line;
    for (const name of ['edited', 'both', 'gone', 'moved']) a.files.write(name, `first ${name}`);
    await settleAll(world);
    for (const device of world.devices) await device.startDaemon(hurry);
    for (const device of world.devices) await device.until();
    world.proxy.down();
    a.files.write('edited', 'edited by a');
    a.files.write('both', 'both by a');
    a.files.rm('gone');
    b.files.write('both', 'both by b, longer');
    b.files.mv('moved', 'elsewhere');
    b.files.write('new', 'new of b');
    for (const device of world.devices)
      await device.until((now) => now.state === 'offline', 'to know that it is offline');
    world.proxy.up();
    await eventually(() => {
      expect(b.files.tree()).toEqual(a.files.tree());
      return a.files.has('elsewhere') && b.files.read('edited') === 'edited by a';
    });
    for (const device of world.devices) await device.until();
    const tree = withoutMarks(a.files.tree());
    expect(tree).toMatchObject({ edited: 'edited by a', elsewhere: 'first moved', new: 'new of b' });
    expect([tree['both'], tree['cc(both)']].sort()).toEqual(['both by a', 'both by b, longer']);
    expect(tree['gone']).toBeUndefined();
  });

  test('NET-14 hints that stay away without a word: the server is asked anyway', async () => {
    const { world, a, b } = line;
    world.proxy.when({ on: 'events', fault: { type: 'silence' } });
    await b.startDaemon(hurry);
    await b.until();
    a.files.write('unannounced', 'nobody says so');
    await a.sync();
    // A minute at most; this one waits twenty times shorter.
    await eventually(() => b.files.has('unannounced'));
    await b.until();
  });

  test('a server that goes away is no server that has nothing new: the status says offline, and ends by itself', async () => {
    const { world, a, b } = line;
    await b.startDaemon();
    await b.until();
    await world.server.kill();
    await b.until((now) => now.state === 'offline', 'to say that it is offline');
    a.files.write('meanwhile', 'written while the server was away');
    expect((await a.trySync(hurry)).code).toBe(3);
    await world.server.start();
    await a.sync();
    await b.until((now) => now.state === 'up-to-date' && b.files.has('meanwhile'), 'to be up to date again');
  });

  test('NET-17 one file that the server never takes: the others sync, and it is shown', async () => {
    const { world, a, b } = line;
    const rule = world.proxy.when({
      on: ['putObject', 'putObjects', 'appendLog'],
      fault: { type: 'status', status: 403, body: '<html>blocked by your administrator</html>' },
      onlyIf: ({ body }) => body.length > 650_000 && body.length < 850_000,
    });
    a.files.write('refused', randomBytes(700_000));
    await a.trySync(hurry);
    for (let i = 0; i < 5; i++) a.files.write(`fine ${i}`, `fine ${i}`);
    await a.trySync(hurry);
    expect(rule.hits).toBeGreaterThan(0);
    await b.sync();
    for (let i = 0; i < 5; i++) expect(b.files.read(`fine ${i}`)).toBe(`fine ${i}`);
    expect(b.files.has('refused')).toBe(false);
    expect((await a.issues()).map(({ path, kind }) => `${path} ${kind}`)).toEqual(['refused file-blocked']);
    // Too small for any body of it to be refused, wherever it is cut.
    a.files.write('refused', randomBytes(300_000));
    await a.sync(); // another content, another try: at once
    rule.end();
    await b.sync();
    expect(b.files.has('refused')).toBe(true);
  });

  for (const seed of isFull ? [1, 2, 3, 4] : [1]) {
    test(`a line on which everything goes wrong now and then (seed ${seed})`, async () => {
      const { world, a, b } = line;
      const steps = randomSteps(seed);
      world.proxy.chaos(badLine(steps, 30));
      for (let i = 0; i < 20; i++) a.files.write(`a${seed}/${i}`, randomBytes(1 + steps.below(200_000)));
      for (let i = 0; i < 20; i++) b.files.write(`b${seed}/${i}`, randomBytes(1 + steps.below(200_000)));
      const allowed = new Set([...contentsOf(a), ...contentsOf(b)]);
      for (let round = 0; round < 4; round++) {
        for (const device of world.devices) {
          await device.trySync(hurry);
          line.expectWhole(device, allowed);
        }
      }
      world.proxy.chaos(null);
      await settleAll(world);
      expect(contentsOf(a)).toEqual(allowed);
    });
  }
});
