import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import type { RouteName } from '../../../src/wire/route.ts';
import type { Fault } from '../../faults/fault.ts';
import { inHurry } from '../../faults/hooks.ts';
import { badLine } from '../../faults/random-faults.ts';
import type { RealDevice } from '../../faults/real-device.ts';
import { expectRealOracles, retryAll, settleAll } from '../../faults/real-oracles.ts';
import { type RealWorld, realWorld } from '../../faults/real-world.ts';
import { eventually } from '../../helpers/eventually.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { withoutMarks } from '../../helpers/scenario-files.ts';

const mib = 1024 * 1024;
const hurry = inHurry();

let world: RealWorld;
let a: RealDevice;
let b: RealDevice;
beforeAll(async () => {
  world = await realWorld();
  [a, b] = world.devices as [RealDevice, RealDevice];
});
afterAll(() => world.close());

const contents = (device: RealDevice): Set<string> =>
  new Set(
    Object.entries(device.files.tree())
      .filter(([path, content]) => !path.endsWith('/') && content !== '')
      .map(([, content]) => content),
  );

/** What the disk shows never is a part of a content, whatever the line did. */
function expectWhole(device: RealDevice, allowed: ReadonlySet<string>): void {
  for (const content of contents(device)) expect(allowed, device.name).toContain(content);
}

const bytesOn = (names: readonly RouteName[], which: 'bytesUp' | 'bytesDown'): number =>
  world.proxy.passed
    .filter(({ name }) => name !== null && names.includes(name))
    .reduce((sum, request) => sum + request[which], 0);

describe('11 Network faults, between real processes', () => {
  const secured = new Set<string>();
  beforeEach(async () => {
    for (const name of readdirSync(a.files.root)) if (name !== '.holdfast') a.files.rm(name);
    a.files.write('anchor', `anchor ${randomBytes(4).toString('hex')}`);
    await settleAll(world.devices);
    world.proxy.forget();
  });
  afterEach(async () => {
    world.proxy.calm();
    for (const device of world.devices) {
      await device.kill();
      await retryAll(device);
    }
    await settleAll(world.devices);
    expect(b.files.tree()).toEqual(a.files.tree());
    for (const content of contents(a)) secured.add(content);
  });
  afterAll(() => expectRealOracles(world, secured));

  test('NET-02 an upload that is cut again and again sends no more than was under way a second time', async () => {
    const size = 24 * mib;
    a.files.write('large', randomBytes(size));
    const cuts = 3;
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
    const rules = (['putObjects', 'putObject', 'appendLog'] as const).map((on) =>
      world.proxy.when({ on, times: 2, fault: { type: 'lose-reply' } }),
    );
    a.files.write('one', randomBytes(3 * mib));
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
    const steps = randomSteps(5);
    world.proxy.chaos(() => ({ type: 'delay', ms: steps.below(250) }));
    for (const device of world.devices) await device.startDaemon();
    for (let i = 0; i < 12; i++) {
      a.files.write(`a/${i}`, `from a ${i}`);
      b.files.write(`b/${i}`, `from b, longer ${i}`);
    }
    await eventually(
      () => expect(b.files.tree()).toEqual(a.files.tree()) ?? Object.keys(a.files.tree()).length === 27,
      {
        within: 30_000,
      },
    );
    for (const device of world.devices) await device.until();
  });

  const half: Fault = { type: 'rewrite', change: (body) => body.subarray(0, body.length >> 1) };
  const mangled: readonly (readonly [string, Fault, readonly RouteName[]])[] = [
    ['the first half of it', half, ['getObject', 'getObjects', 'getLog', 'getChain']],
    ['nothing of it', { type: 'truncate', after: 0 }, ['getObject', 'getObjects', 'getLog', 'getChain']],
    ['noise', { type: 'garbage' }, ['getObject', 'getObjects', 'getLog', 'getChain']],
    ['no HTTP at all', { type: 'nonsense' }, ['getObject', 'getObjects', 'getLog', 'getChain']],
    // In a log it would be a forgery, which is another matter.
    ['one bit of it is another', { type: 'flip' }, ['getObject', 'getObjects']],
  ];
  for (const [name, fault, kinds] of mangled) {
    test(`NET-06 an answer with status 200 that is damaged is refused and not written (${name})`, async () => {
      let hits = 0;
      for (const on of kinds) {
        a.files.write('f', randomBytes(300_000));
        a.files.write('g', randomBytes(2 * mib));
        await a.sync();
        const allowed = new Set([...contents(a), ...contents(b)]);
        const rule = world.proxy.when({ on, fault });
        const report = await b.trySync({ ...hurry, codes: [0, 2, 3, 5] });
        if (rule.hits > 0) expect(report.converged, on).toBe(false);
        hits += rule.hits;
        expectWhole(b, allowed);
        rule.end();
        await retryAll(b);
        await b.sync();
        expect(b.files.tree()).toEqual(a.files.tree());
        // A line that was bad once is no lasting reproach.
        expect((await b.issues()).map(({ kind, message }) => `${kind}: ${message}`)).toEqual([]);
      }
      expect(hits).toBeGreaterThan(0);
    });
  }

  const isFull = process.env['HOLDFAST_FULL'] !== undefined;
  const statuses = isFull
    ? [400, 401, 403, 404, 408, 409, 413, 429, 500, 502, 503, 504, 507]
    : [401, 404, 413, 429, 500];
  // Objects alone and in batches are one matter: what is refused in a batch is tried alone.
  const calls = [
    ['getLog'],
    ['getChain'],
    ['putObjects', 'putObject'],
    ['appendLog'],
    ['getObjects', 'getObject'],
  ] as const;
  for (const status of statuses) {
    test(`NET-08 status ${status} for each call: nothing is lost or believed, and it ends with the fault`, async () => {
      b.files.write('from b', randomBytes(5000));
      await b.sync();
      a.files.write('small', 'small');
      a.files.write('large', randomBytes(2 * mib));
      const allowed = new Set([...contents(a), ...contents(b)]);
      for (const on of calls) {
        const headers = status === 429 || status === 503 ? { 'retry-after': '1' } : {};
        const rule = world.proxy.when({ on, fault: { type: 'status', status, body: '<html>no</html>', headers } });
        const report = await a.trySync({ ...hurry, codes: [0, 1, 2, 3, 4, 5] });
        if (rule.hits > 0) expect(report.converged, `${on} ${status}`).toBe(false);
        expectWhole(a, allowed);
        rule.end();
      }
      await retryAll(a);
      await a.sync(hurry);
      expect((await a.issues()).map(({ kind, message }) => `${kind}: ${message}`)).toEqual([]);
    });
  }

  test('NET-09 maintenance in the middle of many moves: no conflict afterwards', async () => {
    for (let i = 0; i < 60; i++) a.files.write(`d${i % 6}/${i}`, `content ${i}`);
    await settleAll(world.devices);
    world.proxy.forget();
    for (let i = 0; i < 60; i++) a.files.mv(`d${i % 6}/${i}`, `e${i % 5}/n${i}`);
    // The entry is there, but nobody said so; and then nothing is answered for a while.
    const rules = [
      world.proxy.when({ on: 'appendLog', times: 1, fault: { type: 'status', status: 503, isDelivered: true } }),
      world.proxy.when({ on: 'any', skip: 8, fault: { type: 'status', status: 503 } }),
    ];
    expect((await a.trySync(hurry)).code).toBe(3);
    expect((await b.trySync(hurry)).code).toBe(3);
    for (const rule of rules) rule.end();
    await settleAll(world.devices);
    expect(Object.keys(b.files.tree()).filter((path) => path.includes('conflict'))).toEqual([]);
    expect(b.files.read('e0/n0')).toBe('content 0');
    expect(bytesOn(['putObject', 'putObjects'], 'bytesUp')).toBe(0);
  });

  test('NET-11 a list that ends too early is not taken for deletions', async () => {
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
    for (const name of ['edited', 'both', 'gone', 'moved']) a.files.write(name, `first ${name}`);
    await settleAll(world.devices);
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
    await eventually(
      () => {
        expect(b.files.tree()).toEqual(a.files.tree());
        return a.files.has('elsewhere') && b.files.read('edited') === 'edited by a';
      },
      { within: 30_000 },
    );
    for (const device of world.devices) await device.until();
    const tree = withoutMarks(a.files.tree());
    expect(tree).toMatchObject({ edited: 'edited by a', elsewhere: 'first moved', new: 'new of b' });
    expect([tree['both'], tree['cc(both)']].sort()).toEqual(['both by a', 'both by b, longer']);
    expect(tree['gone']).toBeUndefined();
  });

  test('NET-14 hints that stay away without a word: the server is asked anyway', async () => {
    world.proxy.when({ on: 'events', fault: { type: 'silence' } });
    await b.startDaemon(hurry);
    await b.until();
    a.files.write('unannounced', 'nobody says so');
    await a.sync();
    // A minute at most; this one waits twenty times shorter.
    await eventually(() => b.files.has('unannounced'), { within: 15_000 });
    await b.until();
  });

  test('a server that goes away is no server that has nothing new: the status says offline, and ends by itself', async () => {
    await b.startDaemon();
    await b.until();
    await world.server.kill();
    await b.until((now) => now.state === 'offline', 'to say that it is offline', 5000);
    a.files.write('meanwhile', 'written while the server was away');
    expect((await a.trySync(hurry)).code).toBe(3);
    await world.server.start();
    await a.sync();
    await b.until((now) => now.state === 'up-to-date' && b.files.has('meanwhile'), 'to be up to date again', 20_000);
  });

  test('NET-17 one file that the server never takes: the others sync, and it is shown', async () => {
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
    a.files.write('refused', randomBytes(mib));
    await a.sync(); // another content, another try: at once
    rule.end();
    await b.sync();
    expect(b.files.has('refused')).toBe(true);
  });

  for (const seed of isFull ? [1, 2, 3, 4] : [1]) {
    test(`a line on which everything goes wrong now and then (seed ${seed})`, async () => {
      const steps = randomSteps(seed);
      world.proxy.chaos(badLine(steps, 30));
      for (let i = 0; i < 20; i++) a.files.write(`a${seed}/${i}`, randomBytes(1 + steps.below(200_000)));
      for (let i = 0; i < 20; i++) b.files.write(`b${seed}/${i}`, randomBytes(1 + steps.below(200_000)));
      const allowed = new Set([...contents(a), ...contents(b)]);
      for (let round = 0; round < 4; round++) {
        for (const device of world.devices) {
          await device.trySync(hurry);
          expectWhole(device, allowed);
        }
      }
      world.proxy.chaos(null);
      await settleAll(world.devices);
      expect(contents(a)).toEqual(allowed);
    });
  }
});
