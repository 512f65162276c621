import { describe, expect, it } from 'vitest';
import { deviceProperties } from './device-properties.ts';
import { editProperties } from './edit-properties.ts';
import { planProperties } from './plan-properties.ts';
import type { PlanProperty } from './property.ts';

/** A slice; `npm run sim:plan` tries as many as one likes. */
const cases = Number(process.env['PROPERTY_RUNS'] ?? 2000);

/** Seeds of cases that broke once, and how many of them it takes. */
const broken: Readonly<Record<string, readonly [seed: number, cases: number]>> = {
  'where the process dies between an effect and the index, nothing is lost and no temporary name stays': [
    -258738570, 120,
  ],
  'edits on both sides at once converge where the process dies between an effect and the index, and no temporary name stays':
    [1, 700],
};

const testAll = (properties: readonly PlanProperty[]): void => {
  for (const { name, check } of properties) {
    const known = broken[name];
    if (known !== undefined) it(`${name}, as once`, () => expect(check(known[1], known[0])).toBeNull());
    it(name, () => expect(check(cases)).toBeNull());
  }
};

describe('any three trees', () => testAll(planProperties));
describe('what people do', () => testAll([...editProperties, ...deviceProperties]));
