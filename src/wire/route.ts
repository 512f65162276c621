import type { z } from 'zod';
import {
  maxAnonymousJsonBytes,
  maxAppendBytes,
  maxBatchBytes,
  maxCheckpointJsonBytes,
  maxEntryJsonBytes,
  maxJsonRequestBytes,
  maxObjectBytes,
} from './limits.ts';
import * as schema from './schema.ts';

/** Who may call: anyone; any session; a session of a device that is alive in the account chain. */
type RouteAuth = 'none' | 'session' | 'device' | 'operator';

/** What a body is: JSON by its schema, frames (see frame.ts), the bytes of one object, or a stream of events. */
type BodyKind = 'none' | 'json' | 'frames' | 'object' | 'events' | 'text';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the version's prefix; `:vault`, `:object` and `:epoch` are parameters. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly request: { readonly kind: BodyKind; readonly schema?: z.ZodType; readonly maxBytes: number };
  readonly reply: { readonly kind: BodyKind; readonly schema?: z.ZodType };
}

const nothing = { kind: 'none', maxBytes: 0 } as const;
const json = <S extends z.ZodType>(body: S, maxBytes = maxJsonRequestBytes) =>
  ({ kind: 'json', schema: body, maxBytes }) as const;
const answer = <S extends z.ZodType>(body: S) => ({ kind: 'json', schema: body }) as const;

/** Every route of the storage API. The server registers them, the client calls them, the OpenAPI document lists them. */
export const routes = {
  health: {
    method: 'GET',
    path: '/health',
    auth: 'none',
    summary: 'Whether the server is up, and the versions it serves',
    request: nothing,
    reply: answer(schema.healthReply),
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    auth: 'none',
    summary: 'This document',
    request: nothing,
    reply: { kind: 'text' },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    auth: 'operator',
    summary: 'Counters in Prometheus text format, for the operator: by token, or from loopback',
    request: nothing,
    reply: { kind: 'text' },
  },
  prelogin: {
    method: 'POST',
    path: '/prelogin',
    auth: 'none',
    summary: 'Account id, salt and Argon2id parameters for an e-mail address',
    request: json(schema.preloginRequest, maxAnonymousJsonBytes),
    reply: answer(schema.preloginReply),
  },
  signup: {
    method: 'POST',
    path: '/signup',
    auth: 'none',
    summary: 'A new account with its first device',
    request: json(schema.signupRequest, maxAnonymousJsonBytes),
    reply: answer(schema.signupReply),
  },
  challenge: {
    method: 'POST',
    path: '/login/challenge',
    auth: 'none',
    summary: 'A nonce to sign; good once and for five minutes',
    request: nothing,
    reply: answer(schema.challengeReply),
  },
  login: {
    method: 'POST',
    path: '/login',
    auth: 'none',
    summary: 'A session, for a challenge signed by the password, recovery or device key',
    request: json(schema.loginRequest, maxAnonymousJsonBytes),
    reply: answer(schema.loginReply),
  },
  logout: {
    method: 'POST',
    path: '/logout',
    auth: 'session',
    summary: 'Ends this session',
    request: nothing,
    reply: answer(schema.emptyReply),
  },
  getRecord: {
    method: 'GET',
    path: '/account/record',
    auth: 'session',
    summary: 'The newest account record, and the head of the account chain',
    request: nothing,
    reply: answer(schema.accountRecordReply),
  },
  putRecord: {
    method: 'PUT',
    path: '/account/record',
    auth: 'session',
    summary: 'The next version of the account record with the event that pins it; compare-and-swap',
    request: json(schema.putRecordRequest),
    reply: answer(schema.chainHeadReply),
  },
  getChain: {
    method: 'GET',
    path: '/account/chain',
    auth: 'session',
    summary: 'Events of the account chain after a seq',
    query: schema.afterQuery,
    request: nothing,
    reply: answer(schema.chainReply),
  },
  appendEvent: {
    method: 'POST',
    path: '/account/chain',
    auth: 'session',
    summary: 'Adds or revokes a device; compare-and-swap on seq and previous hash',
    request: json(schema.appendEventRequest),
    reply: answer(schema.chainHeadReply),
  },
  deleteAccount: {
    method: 'POST',
    path: '/account/delete',
    auth: 'device',
    summary:
      'Deletes the account with all that it has stored; for a session opened by the password, in its first five minutes',
    request: nothing,
    reply: answer(schema.emptyReply),
  },
  quota: {
    method: 'GET',
    path: '/account/quota',
    auth: 'device',
    summary: 'Bytes used and allowed',
    request: nothing,
    reply: answer(schema.quotaReply),
  },
  events: {
    method: 'GET',
    path: '/events',
    auth: 'device',
    summary: 'Hints that a log or the account chain has grown, as server-sent events; begins with all current heads',
    request: nothing,
    reply: { kind: 'events' },
  },
  createVault: {
    method: 'POST',
    path: '/vaults',
    auth: 'device',
    summary: 'A new vault: genesis entry, grants and account event',
    request: json(schema.createVaultRequest, maxEntryJsonBytes),
    reply: answer(schema.createVaultReply),
  },
  listVaults: {
    method: 'GET',
    path: '/vaults',
    auth: 'device',
    summary: 'The account’s vaults and where their logs end',
    request: nothing,
    reply: answer(schema.vaultsReply),
  },
  deleteVault: {
    method: 'POST',
    path: '/vaults/:vault/delete',
    auth: 'device',
    summary:
      'Deletes a vault with all that is stored in it; for a session opened by the password, in its first five minutes',
    request: nothing,
    reply: answer(schema.emptyReply),
  },
  getLog: {
    method: 'GET',
    path: '/vaults/:vault/log',
    auth: 'device',
    summary: 'Entries after a seq',
    query: schema.logQuery,
    request: nothing,
    reply: answer(schema.logReply),
  },
  appendLog: {
    method: 'POST',
    path: '/vaults/:vault/log',
    auth: 'device',
    summary: 'Stores the objects given, then appends the entry; compare-and-swap on seq and previous hash',
    request: { kind: 'frames', schema: schema.appendEntry, maxBytes: maxEntryJsonBytes + maxAppendBytes },
    reply: answer(schema.appendReply),
  },
  getGrants: {
    method: 'GET',
    path: '/vaults/:vault/grants/:epoch',
    auth: 'device',
    summary: 'Grants of an epoch',
    request: nothing,
    reply: answer(schema.grantsReply),
  },
  getCheckpoint: {
    method: 'GET',
    path: '/vaults/:vault/checkpoint',
    auth: 'device',
    summary: 'The latest checkpoint',
    request: nothing,
    reply: answer(schema.checkpointReply),
  },
  putCheckpoint: {
    method: 'PUT',
    path: '/vaults/:vault/checkpoint',
    auth: 'device',
    summary: 'A newer checkpoint; its pages are stored before',
    request: json(schema.putCheckpointRequest, maxCheckpointJsonBytes),
    reply: answer(schema.emptyReply),
  },
  putObjects: {
    method: 'POST',
    path: '/vaults/:vault/objects',
    auth: 'device',
    summary: 'Stores objects, many to a request',
    request: { kind: 'frames', maxBytes: maxBatchBytes },
    reply: answer(schema.putObjectsReply),
  },
  getObjects: {
    method: 'POST',
    path: '/vaults/:vault/objects/get',
    auth: 'device',
    summary: 'Objects in the order asked for, until a body is full; the rest is asked for again',
    request: json(schema.getObjectsRequest),
    reply: { kind: 'frames' },
  },
  exists: {
    method: 'POST',
    path: '/vaults/:vault/objects/exists',
    auth: 'device',
    summary: 'Which of these objects are held',
    request: json(schema.existsRequest),
    reply: answer(schema.existsReply),
  },
  putObject: {
    method: 'PUT',
    path: '/vaults/:vault/objects/:object',
    auth: 'device',
    summary: 'Stores one object',
    request: { kind: 'object', maxBytes: maxObjectBytes },
    reply: answer(schema.putObjectsReply),
  },
  getObject: {
    method: 'GET',
    path: '/vaults/:vault/objects/:object',
    auth: 'device',
    summary: 'One object, or a range of it',
    request: nothing,
    reply: { kind: 'object' },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
