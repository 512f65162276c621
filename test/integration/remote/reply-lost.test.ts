import { afterEach, describe, expect, it } from 'vitest';
import { hashEntry } from '../../../src/crypto/entry-header.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import { type FaultProxy, startFaultProxy } from '../../faults/fault-proxy.ts';
import {
  accept,
  acceptEntry,
  addDevice,
  bytes,
  makeAccount,
  makeCheckpoint,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeObject,
  makeRecord,
  makeSignup,
  makeVault,
  recordEvent,
} from '../../helpers/test-account.ts';
import { connectDevice, connectTo, startTestServer, type TestServer } from '../../helpers/test-server.ts';

describe('with each first reply lost', () => {
  let server: TestServer | null = null;
  let proxy: FaultProxy | null = null;
  afterEach(async () => {
    await proxy?.close();
    await server?.close();
  });

  it('SRV-03 every mutating call has one effect and its usual answer', async () => {
    const line = await startFaultProxy();
    proxy = line;
    server = await startTestServer({ origins: [line.url] });
    line.aim(server.url);
    const account = makeAccount();
    const api = connectDevice((options) => connectTo(line.url, options), account);
    const losing = async <T>(call: () => Promise<T>): Promise<T> => {
      const rule = line.when({ on: 'any', fault: { type: 'lose-reply' }, times: 1 });
      const result = await call();
      expect(rule.hits).toBe(1);
      rule.end();
      return result;
    };

    expect(await losing(() => api.signup(makeSignup(account)))).toEqual({ chain: account.head });
    await api.listVaults();
    const device = addDevice(account, makeDevice());
    accept(account, device);
    expect(await losing(() => api.appendEvent(device))).toEqual({ status: 'done', head: account.head });

    account.password = signingKey(bytes(32));
    const record = makeRecord(account);
    const event = recordEvent(account, record);
    accept(account, event);
    account.version++;
    expect(await losing(() => api.putRecord(record, event))).toEqual({ status: 'done', head: account.head });

    const vault = makeVault(account);
    const genesis = makeEntry(vault);
    const added = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: hashEntry(genesis.header) });
    accept(account, added);
    acceptEntry(vault, genesis);
    expect(await losing(() => api.createVault(genesis, makeGrants(vault), added))).toEqual({
      status: 'done',
      head: account.head,
    });

    const [small, large, carried] = [makeObject(), makeObject(400_000), makeObject()];
    let moved = 0;
    const onMoved = (bytes: number): void => {
      moved += bytes;
    };
    await losing(() => api.putObjects(vault.id, [large], { onMoved }));
    expect(moved).toBe(400_000);
    await losing(() => api.putObjects(vault.id, [small, makeObject()]));
    const entry = acceptEntry(vault, makeEntry(vault, { retained: [small.id, large.id, carried.id] }));
    expect(await losing(() => api.appendEntry(vault.id, entry, { objects: [carried] }))).toEqual({
      status: 'done',
      head: vault.head,
    });
    await losing(() => api.putCheckpoint(vault.id, makeCheckpoint(vault, [small.id])));

    moved = 0;
    for await (const { bytes } of api.getObjects(vault.id, [large.id], { onMoved })) expect(bytes).toEqual(large.bytes);
    expect(moved).toBeGreaterThanOrEqual(400_000);
    expect(await api.listVaults()).toMatchObject([{ head: vault.head, objects: 4, checkpointSeq: 2 }]);
    expect((await api.getChain(0)).head).toEqual(account.head);
    await losing(() => api.logout());
    await api.close();
  });
});
