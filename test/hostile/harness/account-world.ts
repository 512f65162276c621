import { cpSync } from 'node:fs';
import { accountFile } from '../../../src/app/account/account-file.ts';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import { departedFile } from '../../../src/app/account/departed-file.ts';
import { logIn, recoverAccount, type SignInPlace, signUp } from '../../../src/app/account/sign-in.ts';
import { revokeThisDevice } from '../../../src/app/account/sign-out.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { fileKeychain } from '../../../src/app/keychain/file-keychain.ts';
import { nowUs, type Ports } from '../../../src/app/ports.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { openOrMakeVault } from '../../../src/app/vaults/vault-directory.ts';
import { must } from '../../../src/common/errors.ts';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { type RunningServer, startServer } from '../../../src/server/start-server.ts';
import { changePassword } from '../../../src/vault/change-secrets.ts';
import { forms } from '../../demo/search-bytes.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { clientPorts, kdfCost, password } from './client.ts';
import { type Liar, startLiar } from './liar.ts';

const newPassword = 'planted password 9Xw4 otter kite';

export interface WireEvent {
  readonly event: string;
  readonly signature: string;
  readonly deviceSignature: string | null;
}

/**
 * One account on a server whose every word may be changed. Its chain: 1 genesis, 2 the founder's device, 3 record 1, 4 the
 * device that victims know it by, and, which those have not seen: 5 and 6 a device that came and was removed, 7 record 2,
 * with a new password, 8 a vault.
 */
export interface AccountWorld {
  readonly liar: Liar;
  readonly founder: AccountSession;
  readonly events: readonly WireEvent[];
  /** Record 1 and 2, and one of another account on this server, as they travel. */
  readonly records: readonly { readonly body: string; readonly signature: string }[];
  readonly foreignRecord: { readonly body: string; readonly signature: string };
  readonly foreignEvents: readonly WireEvent[];
  /** A home that knows the account as of event 4. */
  knownHome(): Promise<Ports>;
  /** A home that knew it and signed out. */
  departedHome(): Promise<Ports>;
  freshHome(): Promise<Ports>;
  logIn(ports: Ports): Promise<unknown>;
  recover(ports: Ports): Promise<unknown>;
  secretsIn(bytes: Uint8Array): readonly string[];
  close(): Promise<void>;
}

const seen = 4;
export const knownPosition = seen;

export async function accountWorld(): Promise<AccountWorld> {
  const liar = await startLiar();
  const door = await liar.door('victim');
  const honest = await liar.door('honest');
  const server: RunningServer = await startServer({
    dataDir: await tempFolder('server'),
    listen: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    origins: [door, honest],
  });
  liar.aim(server.url);
  const place = (deviceName: string, email: string): SignInPlace => ({ server: honest, email, deviceName });
  const email = `${newId(systemRandom)}@example.org`;

  const founderPorts = await clientPorts(honest);
  const { stored, recoveryWords } = await signUp(founderPorts, place('Founder', email), password);
  const base = await clientPorts(door);
  await logIn(base, { server: door, email, deviceName: 'Known' }, password);
  // Copies of one device stand for many: none of them may write.
  const copied = await tempFolder('home-as-of-then');
  cpSync(base.home.folder, copied, { recursive: true });

  const third = await clientPorts(honest);
  const thirdSession = await openAccountSession(third, await logIn(third, place('Third', email), password));
  await revokeThisDevice(third, thirdSession);
  await thirdSession.close();
  const founder = await openAccountSession(founderPorts, stored);
  await founder.refresh();
  const first = founder.stored().record;
  const changed = await founder.append(
    ({ chain }) =>
      changePassword({
        keys: founder.keys,
        chain,
        record: first,
        nowUs: nowUs(systemClock),
        random: systemRandom,
        password: newPassword,
        cost: kdfCost,
      }),
    (step) => founder.storage.putRecord(step.record, step.event),
  );
  await openOrMakeVault(founderPorts, founder, 'Photos');

  const other = await clientPorts(honest);
  const foreign = await signUp(other, place('Foreign', `${newId(systemRandom)}@example.org`), password);
  const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const onWire = (event: {
    readonly event: Uint8Array;
    readonly signature: Uint8Array;
    readonly deviceSignature: Uint8Array | null;
  }): WireEvent => ({
    event: asText(event.event),
    signature: asText(event.signature),
    deviceSignature: event.deviceSignature === null ? null : asText(event.deviceSignature),
  });
  const recordOnWire = ({ body, signature }: { readonly body: Uint8Array; readonly signature: Uint8Array }) => ({
    body: asText(body),
    signature: asText(signature),
  });
  const { keys, device } = founder;
  const secrets = Object.entries({
    'the password': password,
    'the new password': newPassword,
    'the recovery words': recoveryWords,
    'the master key': keys.masterKey,
    'the identity’s signing key': keys.secrets.signingSeed,
    'the identity’s sealing key': keys.secrets.sealingPrivate,
    'the account secret': keys.secrets.accountSecret,
    'a device’s signing key': device.signingSeed,
    'a device’s sealing key': device.sealingPrivate,
  }).flatMap(([what, secret]) => forms(secret).map((form) => ({ what, form })));

  const homeFrom = async (): Promise<Ports> => {
    const home = openHome(await tempFolder('home'));
    cpSync(copied, home.folder, { recursive: true });
    return { ...base, home, keychain: fileKeychain(home.keysFolder, null, systemRandom) };
  };
  return {
    liar,
    founder,
    events: founder.known().events.map(onWire),
    records: [recordOnWire(first), recordOnWire(changed.record)],
    foreignRecord: recordOnWire(foreign.stored.record),
    foreignEvents: foreign.stored.events.map(onWire),
    knownHome: homeFrom,
    departedHome: async () => {
      const ports = await homeFrom();
      departedFile(ports.home).remember(must(accountFile(ports.home).read()));
      accountFile(ports.home).remove();
      return ports;
    },
    freshHome: () => clientPorts(door),
    logIn: (ports) => logIn(ports, { server: door, email, deviceName: 'Fresh' }, newPassword),
    recover: (ports) =>
      recoverAccount(ports, { server: door, email, deviceName: 'Fresh' }, recoveryWords, 'third lamp of a quiet night'),
    secretsIn: (bytes) => [
      ...new Set(secrets.filter(({ form }) => Buffer.from(bytes).includes(form)).map(({ what }) => what)),
    ],
    close: async () => {
      await founder.close();
      await liar.close();
      await server.close();
    },
  };
}
