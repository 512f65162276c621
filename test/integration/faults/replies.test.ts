import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RouteName } from '../../../src/wire/route.ts';
import type { Fault } from '../../faults/fault.ts';
import { inHurry } from '../../faults/hooks.ts';
import { contentsOf, networkWorld } from '../../faults/network-world.ts';
import { retryAll } from '../../faults/real-oracles.ts';

const mib = 1024 * 1024;
const hurry = inHurry();

describe('11 Answers that are damaged, and statuses, between real processes', () => {
  const line = networkWorld();

  const half: Fault = { type: 'rewrite', change: (body) => body.subarray(0, body.length >> 1) };
  const mangled: readonly (readonly [string, Fault, readonly RouteName[]])[] = [
    ['the first half of it', half, ['getObjects', 'getLog']],
    ['nothing of it', { type: 'truncate', after: 0 }, ['getObject', 'getChain']],
    ['noise', { type: 'garbage' }, ['getObject', 'getLog', 'getChain']],
    ['no HTTP at all', { type: 'nonsense' }, ['getObjects', 'getLog']],
    // In a log it would be a forgery, which is another matter.
    ['one bit of it is another', { type: 'flip' }, ['getObject', 'getObjects']],
  ];
  for (const [name, fault, kinds] of mangled) {
    test(`NET-06 an answer with status 200 that is damaged is refused and not written (${name})`, async () => {
      const { world, a, b } = line;
      let hits = 0;
      for (const on of kinds) {
        a.files.write('f', randomBytes(300_000));
        a.files.write('g', randomBytes(2 * mib));
        await a.sync();
        const allowed = new Set([...contentsOf(a), ...contentsOf(b)]);
        const rule = world.proxy.when({ on, fault });
        const report = await b.trySync({ ...hurry, codes: [0, 2, 3, 5] });
        if (rule.hits > 0) expect(report.converged, on).toBe(false);
        hits += rule.hits;
        line.expectWhole(b, allowed);
        rule.end();
        if (report.issues > 0) await retryAll(b);
        // A line that was bad once is no lasting reproach.
        expect((await b.sync()).issues).toBe(0);
        expect(b.files.tree()).toEqual(a.files.tree());
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
      const { world, a, b } = line;
      b.files.write('from b', randomBytes(5000));
      await b.sync();
      a.files.write('small', 'small');
      a.files.write('large', randomBytes(2 * mib));
      const allowed = new Set([...contentsOf(a), ...contentsOf(b)]);
      for (const on of calls) {
        const headers = status === 429 || status === 503 ? { 'retry-after': '1' } : {};
        const rule = world.proxy.when({ on, fault: { type: 'status', status, body: '<html>no</html>', headers } });
        const report = await a.trySync({ ...hurry, codes: [0, 1, 2, 3, 4, 5] });
        if (rule.hits > 0) expect(report.converged, `${on} ${status}`).toBe(false);
        line.expectWhole(a, allowed);
        rule.end();
      }
      await retryAll(a);
      expect((await a.sync(hurry)).issues).toBe(0);
    });
  }
});
