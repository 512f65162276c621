import type { ChainResult } from '../accounts.ts';
import type { CheckpointResult } from '../checkpoints.ts';
import { failure } from '../failure.ts';
import type { Caller } from '../login.ts';
import type { Author, LogResult } from '../vaults.ts';
import { type ErrorAnswer, errorAnswer } from './error-answer.ts';

interface HasCaller {
  readonly caller: Caller | null;
}

export function callerOf({ caller }: HasCaller): Caller {
  if (caller === null) throw failure('refused', 'session', 'Sign in first.');
  return caller;
}

/** The calling device, which is alive in its account's chain. */
export function deviceOf(call: HasCaller): Author {
  const { account, device } = callerOf(call);
  if (device === null) {
    throw failure('refused', 'device', 'This device is not part of the account yet; it has to be added first.');
  }
  return { account, device };
}

/** The calling device, in a session that the password opened just now: for what cannot be taken back. */
export function provenDeviceOf(call: HasCaller): Author {
  const author = deviceOf(call);
  if (callerOf(call).hasGivenPassword) return author;
  throw failure('refused', 'password', 'Deleting takes a session that was opened with the password just now.');
}

type Lost = Exclude<LogResult | ChainResult | CheckpointResult, { status: 'done' }>;

/** The answer to a lost compare-and-swap, with what helps to try again. */
export function conflictAnswer(lost: Lost): ErrorAnswer {
  if (lost.status === 'objects-missing') {
    return errorAnswer('conflict', 'objects-missing', 'Some objects are not stored yet; put them first.', {
      missing: lost.missing,
    });
  }
  const { head } = lost;
  const news = 'entries' in lost ? { entries: [...lost.entries] } : { events: [...lost.events] };
  return errorAnswer('conflict', 'head-moved', 'Something else was added first; fetch it and try again.', {
    head,
    ...news,
  });
}
