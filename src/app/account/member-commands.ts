import { HoldfastError, isKind } from '../../common/errors.ts';
import type { DeviceId } from '../../common/ids.ts';
import { askInTime, longestWait } from '../../engine/ask-in-time.ts';
import type { PairStatus } from '../../model/status.ts';
import type { DeviceInfo } from '../../rpc/app-report.ts';
import type { Calls } from '../../rpc/contract.ts';
import { revokeDevice } from '../../vault/account-steps.ts';
import { type Device, notSignedIn } from '../device.ts';
import { askWithDeadline } from '../door/ask-with-deadline.ts';
import type { PairRecord } from '../home/config.ts';
import { nowUs } from '../ports.ts';
import type { Supervisor } from '../supervisor.ts';
import { deleteVault } from '../vaults/delete-vault.ts';
import { listVaults } from '../vaults/vault-directory.ts';

type MemberCommands = Pick<Calls, 'devices' | 'revoke-device' | 'vaults' | 'delete-vault'>;

/** How long a list waits for a server that may not answer at all, in milliseconds. */
const patience = 10_000;

/** Of all folders here, the one in which the device was heard of last. */
function heardOf(device: DeviceId, pairs: readonly PairStatus[]): Pick<DeviceInfo, 'lastHeardAt' | 'isOverdue'> {
  const [newest] = pairs
    .flatMap(({ heard }) => heard.filter((each) => each.device === device))
    .sort((a, b) => b.lastHeardAt - a.lastHeardAt);
  return { lastHeardAt: newest?.lastHeardAt ?? null, isOverdue: newest?.isOverdue ?? false };
}

/** What the account holds: its devices and its vaults. */
export function memberCommands(device: Device): MemberCommands {
  /**
   * As new as the server has it or, without a server, as it was seen last. Nobody has to wait until the line has given up; least
   * of all where the device syncs: it is told of what changes. Who goes on without the answer does not end the question: it is
   * the session's, which others ask for too, and what it brings counts whenever it comes.
   */
  const freshSession = async () => {
    const session = await device.session();
    let isOld = true;
    const refresh = (): Promise<void> =>
      session.refresh().then(
        () => {
          isOld = false;
        },
        (error: unknown) => {
          if (!isKind(error, 'offline')) throw error;
        },
      );
    await askInTime(refresh, device.ports.clock, device.running() === null ? patience : longestWait)();
    return { session, isOld };
  };

  /** In every vault that is synced here, now and not when a file changes (F-EPOCH-4). Where it fails, the next sync does it. */
  const changeKeys = async (supervisor: Supervisor): Promise<void> => {
    const one = async ({ pair }: PairRecord): Promise<void> => {
      try {
        await (await supervisor.host(pair).open()).changeKeys();
      } catch (error) {
        device.ports.logger.log('warn', 'the keys of a vault are changed later', { pair, error });
      }
    };
    await Promise.all(device.config().pairs.map(one));
  };

  return {
    devices: async () => {
      if (device.account() === null) throw notSignedIn();
      const { session, isOld } = await freshSession();
      const devices = [...session.known().chain.devices].map(([id, { addedUs, revokedAt }]) => ({
        device: id,
        name: session.deviceNameOf(id),
        isThis: id === session.device.device,
        addedAt: Math.floor(addedUs / 1000),
        isRevoked: revokedAt !== null,
        ...heardOf(id, device.status().pairs),
      }));
      return { devices, isOld };
    },

    'revoke-device': async ({ device: id }) => {
      const session = await device.session();
      if (id === session.device.device) {
        throw new HoldfastError('usage', 'This is the device you are using; sign out instead.', {
          reason: 'this-device',
        });
      }
      const running = device.running();
      await session.refresh();
      await session.append(
        ({ chain }) => revokeDevice(session.keys, chain, id, nowUs(device.ports.clock)),
        ({ event }) => session.storage.appendEvent(event),
      );
      const changing = changeKeys(await device.supervisor());
      // Where nothing stays to do it, it is done before this ends; a pair that syncs for hours keeps nobody waiting.
      if (running === null) await changing;
      return {};
    },

    'delete-vault': async ({ vault, name, password }) => {
      if (device.account() === null) throw notSignedIn();
      return deleteVault(device, { vault, name }, password);
    },

    vaults: async () => {
      const { session } = await freshSession();
      const pairs = device.config().pairs;
      // Asked for this list alone: an answer that comes later is of no use to anyone.
      const vaults = await askWithDeadline((signal) => listVaults(session, signal), device.ports.clock, patience);
      return {
        vaults: vaults.map((listed) => ({
          ...listed,
          pair: pairs.find((record) => record.vault === listed.vault)?.pair ?? null,
        })),
      };
    },
  };
}
