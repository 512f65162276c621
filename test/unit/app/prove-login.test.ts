import { expect, it } from 'vitest';
import { wrong } from '../../../src/app/account/prove-login.ts';
import { HoldfastError } from '../../../src/common/errors.ts';

it('only where a proof was not taken, the password is said to be wrong', () => {
  const say = wrong('The password is wrong.');
  const refused = (reason: string) => new HoldfastError('refused', `It is the ${reason}.`, { reason });
  expect(() => say(refused('login'))).toThrow('The password is wrong.');
  expect(() => say(refused('origin'))).toThrow('It is the origin.');
  expect(() => say(new HoldfastError('offline', 'Wait a while.', { reason: 'login' }))).toThrow('Wait a while.');
});
