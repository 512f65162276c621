import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { HoldfastError, isKind } from '../../common/errors.ts';
import { newId, type PairId } from '../../common/ids.ts';
import type { Calls } from '../../rpc/contract.ts';
import type { PairInfo, SyncReport } from '../../rpc/home-report.ts';
import type { AccountSession } from '../account/account-session.ts';
import { type Device, notSignedIn } from '../device.ts';
import type { PairRecord } from '../home/config.ts';
import { lastStatus } from '../home/last-status.ts';
import type { NamedVault } from '../vaults/vault-directory.ts';
import { movedFolder } from './moved-folder.ts';
import { choosePair, choosePairs } from './pair-choice.ts';
import { fitRoot } from './pair-folder.ts';
import type { PairHost } from './pair-host.ts';
import { standsSince } from './stands-since.ts';
import { pairReport, syncReport, unsyncedReport } from './sync-report.ts';

type PairCommands = Pick<Calls, 'pairs' | 'add' | 'locate' | 'remove' | 'sync' | 'pause' | 'resume'>;

/** The folder pairs of this device, and syncing them. */
export function pairCommands(device: Device): PairCommands {
  const { ports } = device;
  const list = async () => ({ pairs: device.config().pairs.map(pairInfoOf) });

  const setPaused = async (choice: string | null, isPaused: boolean, minutes: number | null) => {
    if (device.account() === null) throw notSignedIn();
    const pausedUntil = minutes === null ? null : ports.clock.now() + minutes * 60_000;
    const chosen = new Set(choosePairs(device.config().pairs, choice).map(({ pair }) => pair));
    device.setPairs(
      device.config().pairs.map((record) => (chosen.has(record.pair) ? { ...record, isPaused, pausedUntil } : record)),
    );
    for (const pair of chosen) device.running()?.host(pair).setPaused(isPaused);
    return list();
  };

  /** For a status when nothing runs: it would go on to say what was so before the server shut this device out. */
  const keepRefusal = (record: PairRecord, { message }: HoldfastError): void => {
    const last = lastStatus(ports.home, record);
    const known = last.read();
    if (known.state === 'frozen') return;
    const state = 'needs-attention';
    const since = standsSince(() => ports.clock.now(), known)(state);
    last.write({ ...known, state, message, messageKind: 'other', since });
  };

  /** Made if the account has none of this name; refused if another folder is synced with it. */
  const vaultFor = async (session: AccountSession, name: string, pairs: readonly PairRecord[]): Promise<NamedVault> => {
    const { openOrMakeVault } = await import('../vaults/vault-directory.ts');
    const vault = await openOrMakeVault(ports, session, name);
    const twin = pairs.find((record) => record.vault === vault.vault);
    if (twin === undefined) return vault;
    throw new HoldfastError('refused', `The vault “${vault.name}” is synced with ${twin.folder} already.`, {
      reason: 'vault-repeated',
      hint: 'Choose another vault with --vault, or remove that pair first.',
    });
  };

  return {
    pairs: list,

    add: async ({ folder, vault: wanted, isPaused }) => {
      const session = await device.session();
      const pairs = device.config().pairs;
      const root = fitRoot(folder, {
        roots: pairs.map((record) => record.folder),
        stateFolder: ports.home.folder,
      });
      // First of all: a vault that is made stays, a folder can be taken back.
      const unmake = root.make();
      const vault = await vaultFor(session, wanted ?? basename(root.path), pairs).catch((error: unknown) => {
        unmake();
        throw error;
      });
      const record: PairRecord = {
        pair: newId<PairId>(ports.random),
        vault: vault.vault,
        vaultName: vault.name,
        folder: root.path,
        isPaused,
        pausedUntil: null,
        deselected: [],
        createdAt: ports.clock.now(),
      };
      const supervisor = await device.supervisor();
      // What was chosen meanwhile, of what another pair has on this device, stays.
      device.setPairs([...device.config().pairs, record]);
      await supervisor.add(record);
      return { ...pairInfoOf(record), isNewVault: vault.isNew };
    },

    locate: async ({ pair: choice, folder: where }) => {
      if (device.account() === null) throw notSignedIn();
      const pairs = device.config().pairs;
      const record = choosePair(pairs, choice);
      const folder = await movedFolder(record, where, {
        roots: pairs.filter((each) => each !== record).map((each) => each.folder),
        stateFolder: ports.home.folder,
      });
      const supervisor = await device.supervisor();
      const keep = (): void =>
        device.setPairs(device.config().pairs.map((each) => (each.pair === record.pair ? { ...each, folder } : each)));
      await supervisor.host(record.pair).locate(folder, keep);
      return pairInfoOf({ ...record, folder });
    },

    remove: async ({ pair: choice }) => {
      if (device.account() === null) throw notSignedIn();
      const { pair } = choosePair(device.config().pairs, choice);
      // This can only fail for keys that do not open: then nothing is running either.
      const supervisor = await device.supervisor().catch(() => null);
      device.setPairs(device.config().pairs.filter((record) => record.pair !== pair));
      if (supervisor !== null) await supervisor.remove(pair);
      else rmSync(ports.home.pairFolder(pair), { recursive: true, force: true });
      return { pair };
    },

    sync: async ({ pair: choice }) => {
      if (device.account() === null) throw notSignedIn();
      const chosen = choosePairs(device.config().pairs, choice);
      const supervisor = await device.supervisor();
      const silence = await silenceOf(async () => (await device.session()).refresh()).catch((error: unknown) => {
        if (isKind(error, 'refused')) for (const record of chosen) keepRefusal(record, error);
        throw error;
      });
      // One pair that cannot be opened holds up no other one.
      const runs = await Promise.allSettled(chosen.map(({ pair }) => syncOne(supervisor.host(pair), silence)));
      return syncReport(
        runs.map((run) => {
          if (run.status === 'rejected') throw run.reason;
          return run.value;
        }),
      );
    },

    pause: ({ pair, minutes }) => setPaused(pair, true, minutes),
    resume: ({ pair }) => setPaused(pair, false, null),
  };
}

/** What a caller sees of it, the same with a daemon and without one. */
const pairInfoOf = ({ deselected: _, ...info }: PairRecord): PairInfo => info;

/** Why the server cannot be asked now; null if it can. */
async function silenceOf(ask: () => Promise<unknown>): Promise<HoldfastError | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (isKind(error, 'offline')) return error;
    throw error;
  }
}

async function syncOne(host: PairHost, silence: HoldfastError | null): Promise<SyncReport['pairs'][number]> {
  if (host.record.isPaused) {
    return unsyncedReport({ ...host.status(), state: 'paused', message: 'Paused' }, { isIssue: false });
  }
  if (silence !== null) {
    host.unreachable(silence);
    return unsyncedReport({ ...host.status(), state: 'offline', message: silence.message }, { isIssue: false });
  }
  try {
    const result = await host.sync();
    return pairReport(host.status(), result);
  } catch (error) {
    if (!isKind(error, 'io')) throw error;
    return unsyncedReport(host.status(), { isIssue: true });
  }
}
