import { expect } from 'vitest';
import { accountFile } from '../../../src/app/account/account-file.ts';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { HoldfastError, must, type SecurityCode } from '../../../src/common/errors.ts';
import { hashAccountEvent } from '../../../src/crypto/account-event.ts';
import { decodeCbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import { type AccountWorld, knownPosition, type WireEvent } from './account-world.ts';
import type { Lie } from './liar.ts';
import { bytesIn, changeJson, type Json, textOf } from './lies.ts';
import { secretsSent } from './secrets-sent.ts';

/** With which class it stops; or the kind of what it says, without a stop; or that it has the truth in spite of the lie. */
export type Outcome = SecurityCode | { readonly kind: string } | 'unharmed';

export interface AccountCase {
  readonly lie: Lie;
  /** What a device does that knows the account: one that runs on, and one that is started under the lie. Null: not asked. */
  readonly known: Outcome | null;
  /** What a sign-in does that never saw it, with the password. */
  readonly password: Outcome | null;
  /** And with the recovery words. */
  readonly words?: Outcome | null;
}

/** Requests that change anything; none may follow from a lie. */
const changing = new Set(['signup', 'appendEvent', 'putRecord', 'createVault', 'appendLog', 'putObject', 'putObjects']);

/** What a case made each victim ask for, to be compared with others of its kind. */
export type Asked = Record<string, readonly string[]>;

export async function runAccountCase(world: AccountWorld, test: AccountCase): Promise<void> {
  await askedIn(world, test);
}

/** As `runAccountCase`; what each victim asked for. */
export async function askedIn(
  world: AccountWorld,
  { lie, known, password, words = null }: AccountCase,
): Promise<Asked> {
  const asked: Asked = {};
  const under = async (victim: string, outcome: Outcome | null, act: () => Promise<unknown>): Promise<void> => {
    if (outcome === null) return;
    const end = world.liar.lie((request, truth) => (request.who === 'victim' ? lie(request, truth) : null));
    let error: unknown = null;
    world.liar.forget();
    try {
      await act();
    } catch (thrown) {
      error = thrown;
    } finally {
      end();
    }
    if (outcome === 'unharmed') expect(error, victim).toBeNull();
    else {
      expect(error, `${victim}: ${String(error)}`).toBeInstanceOf(HoldfastError);
      const expected = typeof outcome === 'string' ? { kind: 'security', security: outcome } : outcome;
      expect(error, victim).toMatchObject(expected);
      const names = world.liar.asked.map(({ name }) => name ?? '');
      expect(
        names.filter((name) => changing.has(name)),
        victim,
      ).toEqual([]);
    }
    for (const request of world.liar.asked) {
      expect(secretsSent(world, request), `${victim} ${request.path}`).toEqual([]);
    }
    asked[victim] = world.liar.asked.map(({ name, body }) => `${name} ${body.length}`);
  };

  for (const victim of ['running', 'restarted']) {
    const ports = await world.knownHome();
    const stored = must(accountFile(ports.home).read());
    let session: AccountSession | null = victim === 'running' ? await openAccountSession(ports, stored) : null;
    await under(victim, known, async () => {
      session ??= await openAccountSession(ports, stored);
      await session.refresh();
    });
    if (session !== null && known !== null) await expectAftermath(world, ports, session, known, victim);
    await (session as AccountSession | null)?.close();
  }
  for (const [victim, outcome, signIn] of [
    ['password', password, world.logIn],
    ['words', words, world.recover],
  ] as const) {
    const ports = await world.freshHome();
    await under(victim, outcome, () => signIn(ports));
    if (outcome !== 'unharmed') expect(accountFile(ports.home).read(), victim).toBeNull();
  }
  return asked;
}

/** Told the truth again: what was frozen stays so, even after a restart; the rest goes on. Nothing that was known is lost. */
async function expectAftermath(
  world: AccountWorld,
  ports: Ports,
  session: AccountSession,
  outcome: Outcome,
  who: string,
): Promise<void> {
  const stored = must(accountFile(ports.home).read());
  expect(stored.events.length, who).toBeGreaterThanOrEqual(knownPosition);
  const isFrozen = stored.pin.frozen !== null;
  if (!isFrozen) {
    await session.refresh();
    expect(session.known().chain.position, who).toBeGreaterThanOrEqual(world.events.length);
    return;
  }
  expect(stored.pin.frozen?.code, who).toBe(outcome);
  expect(stored.events.length, who).toBe(knownPosition);
  world.liar.forget();
  await expect(session.refresh()).rejects.toMatchObject({ kind: 'security', security: outcome });
  expect(() => session.author()).toThrow(expect.objectContaining({ kind: 'security' }));
  const again = await openAccountSession(ports, stored);
  await expect(again.refresh()).rejects.toMatchObject({ kind: 'security', security: outcome });
  await again.close();
  expect(world.liar.asked, who).toEqual([]);
}

/** Another record, as it travels. */
export const recordIs = (record: { readonly body: string; readonly signature: string }): Lie =>
  changeJson('getRecord', (answer) => ({ ...answer, record }));

export const changedBody = (change: (body: Uint8Array) => Uint8Array): Lie =>
  changeJson('getRecord', (answer: Json) => ({
    ...answer,
    record: { ...answer.record, body: textOf(change(bytesIn(answer.record.body))) },
  }));

/** The whole chain is another one, wherever one begins to read it. */
export const chainIs = (events: () => readonly WireEvent[]): Lie =>
  changeJson('getChain', (_, { path }) => {
    const after = Number(new URL(path, 'http://x').searchParams.get('after') ?? 0);
    const all = events();
    const last = all.at(-1);
    const hash = last === undefined ? new Uint8Array(32) : hashAccountEvent(bytesIn(last.event));
    return { events: all.slice(after), head: { seq: all.length, hash: textOf(hash) }, isLast: true };
  });

const fields = (bytes: Uint8Array): Json[] => decodeCbor(bytes) as Json[];
export const at = (index: number, value: Json) => (all: Json[]) =>
  all.map((field, each) => (each === index ? value : field));
export const inFields = (change: (all: Json[]) => Json[]) => (bytes: Uint8Array) =>
  encodeCbor(change(fields(bytes)) as never);
