import { describe, expect, it } from 'vitest';
import { deviceProperties } from './device-properties.ts';
import { editProperties } from './edit-properties.ts';
import { planProperties } from './plan-properties.ts';

/** A slice; `npm run sim:plan` tries as many as one likes. */
const cases = Number(process.env['PROPERTY_RUNS'] ?? 2000);

describe('any three trees', () => {
  for (const { name, check } of planProperties) it(name, () => expect(check(cases)).toBeNull());
});

describe('what people do', () => {
  for (const { name, check } of [...editProperties, ...deviceProperties]) {
    it(name, () => expect(check(cases)).toBeNull());
  }
});
