import { HoldfastError, isKind } from '../../common/errors.ts';
import type { Calls } from '../../rpc/contract.ts';
import { changePassword, changeRecoveryWords, type RecordStep } from '../../vault/change-secrets.ts';
import type { Device } from '../device.ts';
import { nowUs } from '../ports.ts';
import type { AccountSession } from './account-session.ts';
import { passwordSession } from './password-session.ts';
import { markOfWords } from './unconfirmed-words.ts';

type SecretsCommands = Pick<Calls, 'change-password' | 'change-words' | 'confirm-words'>;

/** What opens the account, replaced by who is signed in and knows the password. */
export function secretsCommands(device: Device): SecretsCommands {
  const { clock, random, kdfCost } = device.ports;

  const change = <T extends RecordStep>(
    session: AccountSession,
    make: (basis: Parameters<typeof changeRecoveryWords>[0]) => T | Promise<T>,
    whenUnknown: string,
  ): Promise<T> =>
    session.append(
      ({ chain }) => {
        const { keys } = session;
        return make({ keys, chain, record: session.stored().record, nowUs: nowUs(clock), random });
      },
      ({ record, event }) =>
        session.storage.putRecord(record, event).catch((cause: unknown) => {
          throw isKind(cause, 'offline')
            ? new HoldfastError('offline', whenUnknown, { reason: 'unknown', cause })
            : cause;
        }),
    );

  return {
    'change-password': async ({ password, newPassword }) => {
      const { session } = await passwordSession(device, password);
      await change(
        session,
        (basis) => changePassword({ ...basis, password: newPassword, cost: kdfCost }),
        'The server did not answer: the account may have the new password already, or still the former one.',
      );
      return {};
    },
    'change-words': async ({ password, isAskingBack = false }) => {
      const { session } = await passwordSession(device, password);
      const { recoveryWords, record } = await change(
        session,
        (basis) => {
          const step = changeRecoveryWords(basis);
          // Whatever the server says of it, the account may have words that nobody saw.
          device.setUnconfirmedWords([...device.config().unconfirmedWords, markOfWords(step.record)]);
          return step;
        },
        'The server did not answer: the former recovery words may open nothing any more. Make new ones once it can be reached.',
      );
      device.setUnconfirmedWords(isAskingBack ? [markOfWords(record)] : []);
      return { recovery: recoveryWords };
    },
    'confirm-words': async () => {
      device.setUnconfirmedWords([]);
      return {};
    },
  };
}
