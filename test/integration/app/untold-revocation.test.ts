import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accountFile, type StoredAccount } from '../../../src/app/account/account-file.ts';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import { logIn, signUp } from '../../../src/app/account/sign-in.ts';
import type { PairRecord } from '../../../src/app/home/config.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { type Supervisor, supervise } from '../../../src/app/supervisor.ts';
import { openOrMakeVault } from '../../../src/app/vaults/vault-directory.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { newId } from '../../../src/common/ids.ts';
import { parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { revokeDevice } from '../../../src/vault/account-steps.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';

it('[F-EPOCH-4] nothing is sealed to a device that may have been removed, while the server does not say so', async () => {
  const server = await startTestServer();
  /** How often the account's history was asked for in vain; null: it is told. */
  let asked: number | null = null;
  const portsIn = async (name: string): Promise<Ports> => {
    return appPorts(async (_url, given) => {
      const api = server.connect(given);
      const getChain: typeof api.getChain = (after, options) => {
        if (asked === null || name !== 'desk') return api.getChain(after, options);
        asked++;
        return Promise.reject(new HoldfastError('offline', 'no answer'));
      };
      return { ...api, getChain };
    });
  };
  const place = (deviceName: string) => ({ server: server.url, email: 'ada@example.org', deviceName });
  const sessionOf = (ports: Ports): Promise<AccountSession> =>
    openAccountSession(ports, must(accountFile(ports.home).read()));

  const desk = await portsIn('desk');
  await signUp(desk, place('desk'), password);
  const phone = await portsIn('phone');
  await logIn(phone, place('phone'), password);
  const lost = await logIn(await portsIn('lost'), place('lost'), password);
  const sold = await logIn(await portsIn('sold'), place('sold'), password);

  const folder = join(await tempFolder('synced'), 'folder');
  mkdirSync(folder);
  let session = await sessionOf(desk);
  const { vault, name } = await openOrMakeVault(desk, session, 'Letters');
  const record = { pair: newId(systemRandom), vault, vaultName: name, folder, deselected: [] } as unknown as PairRecord;
  const open = (): Supervisor =>
    supervise(desk, session, [record], { onStatus: () => undefined, keepSelection: () => undefined });
  writeFileSync(join(folder, 'first.txt'), 'first');
  let supervisor = open();
  await supervisor.host(record.pair).sync();
  await supervisor.close();

  const other = await sessionOf(phone);
  const remove = async ({ device }: StoredAccount): Promise<void> => {
    await other.refresh();
    await other.append(
      ({ chain }) => revokeDevice(other.keys, chain, device, Date.now() * 1000),
      ({ event }) => other.storage.appendEvent(event),
    );
  };
  const epochs = async (): Promise<number[]> =>
    (await other.storage.getLog(vault, 0)).entries.map(({ header }) => parseEntryHeader(header).epoch);
  /** Writes a file, and answers once it was held back, or not. */
  const write = async (file: string, times: number): Promise<void> => {
    const { length } = await epochs();
    writeFileSync(join(folder, file), file);
    await eventually(async () => (asked ?? 0) >= times || (await epochs()).length > length, {
      what: `${file} being sent`,
    });
  };
  const written = (count: number) =>
    eventually(async () => (await epochs()).length >= count, { what: `entry ${count}` });
  expect(await epochs()).toEqual([1, 1]);

  asked = 0;
  await remove(lost);
  session = await sessionOf(desk);
  supervisor = open();
  await supervisor.watch();
  await write('second.txt', 2);
  asked = null;
  await written(3);
  expect(await epochs()).toEqual([1, 1, 2]);

  asked = 0;
  await remove(sold);
  await eventually(() => (asked ?? 0) > 0, { what: 'the hint' });
  await write('third.txt', 2);
  asked = null;
  await written(4);
  expect(await epochs()).toEqual([1, 1, 2, 3]);

  await supervisor.close();
  await other.close();
  await server.close();
});
