import { memoryStorage } from '../fakes/memory-storage.ts';
import { acceptEntry, makeAccount, makeEntry, makeGrants, makeVault } from '../helpers/test-account.ts';
import { vaultApiContract } from './vault-api-contract.ts';

vaultApiContract('the vault part of a server in memory', async () => {
  const storage = memoryStorage();
  const vault = makeVault(makeAccount());
  const genesis = makeEntry(vault);
  storage.addVault(vault.id, genesis, makeGrants(vault));
  acceptEntry(vault, genesis);
  return { api: storage.api, vault };
});
