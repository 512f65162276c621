import { systemClock } from '../../src/app/system-clock.ts';
import type { HttpStorageOptions } from '../../src/remote/http-storage-api.ts';
import { createMemoryMetadata } from '../fakes/memory-metadata.ts';
import { createMemoryObjects } from '../fakes/memory-objects.ts';
import { directStorage } from '../sim/server/direct-storage.ts';
import { serverLogic, usualGrace } from '../sim/server/server-logic.ts';
import { storageApiContract } from './storage-api-contract.ts';

storageApiContract('the server’s logic in memory', async () => {
  const logic = serverLogic({
    metadata: createMemoryMetadata(),
    store: createMemoryObjects(),
    clock: systemClock,
    grace: usualGrace,
    quota: null,
    onDamage: (object) => {
      throw new Error(`object ${object} is damaged`);
    },
  });
  return {
    connect: ({ token, renew }: Partial<HttpStorageOptions> = {}) =>
      directStorage(logic, {
        origin: 'https://memory.example.org',
        ...(token === undefined ? {} : { token }),
        ...(renew === undefined ? {} : { renew }),
      }),
    close: () => logic.collector.close(),
  };
});
