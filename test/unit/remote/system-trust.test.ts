import tls from 'node:tls';
import { afterEach, expect, it, vi } from 'vitest';
import { trustSystem } from '../../../src/remote/system-trust.ts';

const minute = 60_000;
/** Each test is an hour later than the one before. */
let hours = 0;
const at = (minutes: number): number => hours * 60 * minute + minutes * minute;

function system(certificates: () => string[]) {
  hours++;
  const asked = vi
    .spyOn(tls, 'getCACertificates')
    .mockImplementation((type) => (type === 'system' ? certificates() : ['public']));
  const set = vi.spyOn(tls, 'setDefaultCACertificates').mockReturnValue(undefined);
  const times = () => asked.mock.calls.filter(([type]) => type === 'system').length;
  return { set, times };
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('trusts whom the system trusts beside those whom Node knows, and says that it is news', () => {
  const { set } = system(() => ['public', 'of the house']);
  expect(trustSystem(at(0))).toBe(true);
  expect(set).toHaveBeenCalledExactlyOnceWith(['public', 'of the house']);
});

it('asks the system once in ten minutes at most', () => {
  const { times } = system(() => ['of the house']);
  expect([at(0), at(1), at(9)].map((now) => trustSystem(now))).toEqual([true, false, false]);
  expect(times()).toBe(1);
  expect(trustSystem(at(11))).toBe(true);
  expect(times()).toBe(2);
});

it('changes nothing where the system knows nobody else, or does not tell', () => {
  const { set } = system(() => ['public']);
  expect(trustSystem(at(0))).toBe(false);
  system(() => {
    throw new Error('not built in');
  });
  expect(trustSystem(at(0))).toBe(false);
  expect(set).not.toHaveBeenCalled();
});
