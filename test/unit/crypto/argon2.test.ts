import { describe, expect, it } from 'vitest';
import { argon2Engine, argon2Loaders, passesProbe } from '../../../src/crypto/argon2.ts';
import { stretchPassword } from '../../../src/crypto/password.ts';
import { expectStopAsync } from '../../helpers/security.ts';

const salt = new Uint8Array(16).fill(9);

describe('Argon2id', () => {
  it.each(argon2Loaders)('$name gives the known answer', async ({ load }) => {
    expect(await passesProbe(await load())).toBe(true);
  });

  it.each(argon2Loaders)('$name gives what the others give', async ({ load }) => {
    const run = await load();
    const kdf = { memoryKiB: 64, passes: 4, lanes: 3, salt };
    const password = new TextEncoder().encode('Fußgängerübergang');
    const answers = await Promise.all(argon2Loaders.map(async (other) => (await other.load())(password, kdf)));
    expect(answers).toContainEqual(await run(password, kdf));
    expect(new Set(answers.map(String)).size).toBe(1);
  });

  it('refuses an engine that gives anything else, or throws', async () => {
    expect(await passesProbe(async () => new Uint8Array(64))).toBe(false);
    expect(await passesProbe(async () => Promise.reject(new Error('not supported')))).toBe(false);
  });

  it('runs by the first engine that works', async () => {
    expect((await argon2Engine()).name).toBe('node:crypto');
  });

  it('looks at the parameters before the password', async () => {
    const weak = { memoryKiB: 8, passes: 1, lanes: 1, salt };
    await expectStopAsync(() => stretchPassword('', weak), 'E_DOWNGRADE');
    await expectStopAsync(() => stretchPassword('', { ...weak, memoryKiB: 2 ** 30, passes: 3 }), 'E_LIMIT');
  });
});
