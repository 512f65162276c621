import { expect, it } from 'vitest';
import { takeSecrets } from '../../../src/app/account/take-secrets.ts';

it('what this process was given stays with it; what its children inherit holds no secret', () => {
  const inherited: NodeJS.ProcessEnv = {
    HOLDFAST_PASSWORD: 'a',
    HOLDFAST_RECOVERY: 'b',
    HOLDFAST_KEY_PASSPHRASE: 'c',
    HOLDFAST_HOME: 'd',
  };
  const given = { ...inherited };
  expect(takeSecrets(inherited)).toEqual(given);
  expect(inherited).toEqual({ HOLDFAST_HOME: 'd' });
});
