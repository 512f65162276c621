import { createHash, timingSafeEqual } from 'node:crypto';
import { challengeLifetime, maxCheckpointBoxBytes, maxGrantsBytes, maxPageBytes } from '../../wire/limits.ts';
import { apiVersion, wireRevision } from '../../wire/version.ts';
import type { Accounts } from '../accounts.ts';
import type { Checkpoints } from '../checkpoints.ts';
import { failure } from '../failure.ts';
import { createKnownPlaces } from '../known-places.ts';
import type { Login } from '../login.ts';
import type { Limit } from '../rate-limits.ts';
import type { Vaults } from '../vaults.ts';
import { type Call, epochOf, type Handlers, type RawReply, vaultOf } from './call.ts';
import { callerOf, conflictAnswer, deviceOf, provenDeviceOf } from './caller.ts';
import { createObjectHandlers, type ObjectHandlerParts } from './object-handlers.ts';

/** Who may sign up: everyone, no one, or who knows this word. */
export type SignupPolicy = 'open' | 'closed' | { readonly invite: string };

interface HandlerParts extends ObjectHandlerParts {
  readonly accounts: Accounts;
  readonly login: Login;
  readonly checkpoints: Checkpoints;
  readonly vaults: Vaults;
  readonly limit: Limit;
  readonly signup: SignupPolicy;
  readonly isOwnOrigin: (origin: string) => boolean;
  readonly metrics: () => string;
  readonly openapi: () => string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function checkSignup(policy: SignupPolicy, invite: string | null): void {
  if (policy === 'open') return;
  if (policy !== 'closed' && invite !== null && timingSafeEqual(digest(invite), digest(policy.invite))) return;
  if (policy === 'closed') throw failure('refused', 'signup-closed', 'This server takes no new accounts.');
  throw failure('refused', 'signup-closed', 'This server takes no new accounts without an invitation.');
}

const text = (type: string, body: string): RawReply => ({
  status: 200,
  headers: { 'content-type': type },
  bytes: Buffer.from(body),
});

export function createHandlers(parts: HandlerParts): Handlers {
  const { accounts, login, vaults, checkpoints, limit, metadata, budget } = parts;
  const places = createKnownPlaces();

  /** Holds the memory that an answer takes, sealed bytes and their text, until it has left: it may be read slowly. */
  const reserve = async (call: Pick<Call<'getLog'>, 'caller' | 'onDone'>, bytes: number): Promise<void> =>
    call.onDone(await budget.take(bytes, callerOf(call).account));

  return {
    ...createObjectHandlers(parts),
    health: async () => ({ status: 'ok', api: [apiVersion], revision: wireRevision }),
    openapi: async () => text('application/json; charset=utf-8', parts.openapi()),
    metrics: async () => text('text/plain; version=0.0.4; charset=utf-8', parts.metrics()),
    prelogin: ({ body }) => login.prelogin(body.email),
    signup: ({ body }) => {
      checkSignup(parts.signup, body.invite);
      return accounts.signup(body.record, body.events, parts.now());
    },
    challenge: async () => ({ nonce: login.challenge(), lifetime: challengeLifetime }),
    login: async ({ body, isLocal, address }) => {
      const { account, method } = body;
      // A device's key cannot be guessed, and an address that has signed in to the account is limited by address anyway: guesses
      // from elsewhere keep neither out.
      const isFree = method === 'device' || places.has(account, address);
      if (!isFree) limit('account-login', account, isLocal);
      const session = await login.login(body, parts.isOwnOrigin);
      places.add(account, address);
      return session;
    },
    logout: async (call) => {
      await login.logout(callerOf(call));
      return {};
    },
    getRecord: (call) => accounts.record(callerOf(call).account),
    putRecord: async (call) => {
      const { account, devicePublic } = callerOf(call);
      // It says whether an address is taken.
      limit('record', account, call.isLocal);
      const result = await accounts.putRecord(account, devicePublic, call.body.record, call.body.event);
      return result.status === 'done' ? { head: result.head } : conflictAnswer(result);
    },
    getChain: async (call) => {
      await reserve(call, 2 * maxPageBytes);
      return accounts.chain(callerOf(call).account, call.query.after);
    },
    appendEvent: async (call) => {
      const result = await accounts.appendEvent(callerOf(call).account, call.body.event);
      return result.status === 'done' ? { head: result.head } : conflictAnswer(result);
    },
    deleteAccount: async (call) => {
      await accounts.remove(provenDeviceOf(call).account);
      return {};
    },
    quota: async (call) => {
      const { account } = deviceOf(call);
      const [used, pending] = await Promise.all([metadata.accounts.used(account), metadata.accounts.pending(account)]);
      return { limit: parts.quota, used, pending };
    },
    createVault: async (call) => {
      const { entry, grants, event } = call.body;
      const result = await vaults.create(deviceOf(call), entry, grants, event);
      return result.status === 'done' ? { head: result.head, chain: result.chain } : conflictAnswer(result);
    },
    deleteVault: async (call) => {
      await vaults.remove(provenDeviceOf(call).account, vaultOf(call));
      return {};
    },
    listVaults: async (call) => ({ vaults: await vaults.list(deviceOf(call).account) }),
    getLog: async (call) => {
      const { after, bytes, count, lists } = call.query;
      await reserve(call, 2 * Math.min(bytes ?? maxPageBytes, maxPageBytes));
      return vaults.log(deviceOf(call).account, vaultOf(call), { after, bytes, count, withLists: lists === '1' });
    },
    getGrants: async (call) => {
      await reserve(call, 2 * maxGrantsBytes);
      return { grants: await vaults.grants(deviceOf(call).account, vaultOf(call), epochOf(call)) };
    },
    getCheckpoint: async (call) => {
      await reserve(call, 2 * maxCheckpointBoxBytes);
      return { checkpoint: await checkpoints.latest(deviceOf(call).account, vaultOf(call)) };
    },
    putCheckpoint: async (call) => {
      const result = await checkpoints.put(deviceOf(call), vaultOf(call), call.body.checkpoint);
      return result.status === 'done' ? {} : conflictAnswer(result);
    },
  };
}
