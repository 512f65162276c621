import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseHistory } from './history.ts';
import { runHistory } from './run-history.ts';

const folder = new URL('regressions/', import.meta.url);
/** As many as half a minute takes on two busy cores. `npm run sim` runs more. */
const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 100);
const slices = 4;

describe('histories that broke once', () => {
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    test(name, async () => {
      const history = parseHistory(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      expect((await runHistory(history, { isStrict: true })).problems).toEqual([]);
    });
  }
});

describe('random histories converge, lose nothing, leak nothing and tell no lies', () => {
  for (let slice = 0; slice < slices; slice++) {
    const from = 1 + (slice * seeds) / slices;
    test(`seeds ${from} to ${from + seeds / slices - 1}`, async () => {
      for (let seed = from; seed < from + seeds / slices; seed++) {
        const { problems } = await runHistory(seed);
        expect(problems, `npm run sim -- --seed ${seed} --trace`).toEqual([]);
      }
    }, 300_000);
  }
});

describe('one seed decides all', () => {
  const story = async (what: Parameters<typeof runHistory>[0]): Promise<{ lines: string[]; history: unknown }> => {
    const lines: string[] = [];
    const { history } = await runHistory(what, { story: (line) => lines.push(line) });
    return { lines, history };
  };

  for (const seed of [5, 34, 118, 2449]) {
    test(`seed ${seed}: the same story twice, from the steps as well, and also if nobody listens`, async () => {
      const first = await story(seed);
      expect(first.lines.length).toBeGreaterThan(50);
      const second = await story(seed);
      expect(second.lines).toEqual(first.lines);
      const { history, events } = await runHistory(seed);
      expect(history).toEqual(first.history);
      const third = await story(parseHistory(JSON.parse(JSON.stringify(history))));
      expect(third.lines).toEqual(first.lines);
      expect((await runHistory(history)).events).toBe(events);
    }, 120_000);
  }
});
