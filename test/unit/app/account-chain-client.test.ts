import { expect, it } from 'vitest';
import { fetchChain } from '../../../src/app/account/account-chain-client.ts';
import type { AccountId } from '../../../src/common/ids.ts';

it('a chain that never ends is not fetched for ever', async () => {
  const nothing = new Uint8Array(64);
  const events = Array.from({ length: 2000 }, () => ({ event: nothing, signature: nothing, deviceSignature: null }));
  let asked = 0;
  const api = {
    getChain: async () => {
      if (++asked > 100) throw new Error('asked again and again');
      return { events, head: { seq: 1e9, hash: new Uint8Array(32) }, isLast: false };
    },
  };
  const account = 'a'.repeat(32) as AccountId;
  await expect(fetchChain(api, account, null)).rejects.toMatchObject({ kind: 'security', security: 'E_LIMIT' });
});
