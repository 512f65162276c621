import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginChain, extendChain } from '../../../src/app/rescue/account-chain.ts';
import { chunksOf, parseManifest } from '../../../src/app/rescue/manifest.ts';
import { masterKeyOf, openAccount } from '../../../src/app/rescue/open-account.ts';
import { readLog } from '../../../src/app/rescue/read-log.ts';
import { objectTypes, openObject, type Ref } from '../../../src/app/rescue/sealed-object.ts';
import type { ServerCopy } from '../../../src/app/rescue/server-copy.ts';
import { openVaultTree, type VaultTree } from '../../../src/app/rescue/vault-tree.ts';
import { concat, toHex } from '../../../src/common/bytes.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { decodeCbor } from '../../../src/crypto/cbor.ts';
import { notAuthentic } from '../../../src/crypto/failure.ts';
import { agreementKey } from '../../../src/crypto/x25519.ts';
import { repository } from '../../helpers/run.ts';
import type { VectorCase, VectorFile } from '../../vectors/case.ts';
import { objectsIn, unavailable } from '../../vectors/run-contents.ts';
import { bytesIn, entriesIn, eventsIn, type Input } from '../../vectors/run-history.ts';

const load = (format: string): readonly VectorCase[] => {
  const path = join(repository, 'test/vectors/formats', `${format}.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as VectorFile).cases;
};

interface State {
  readonly seq: number;
  readonly name: string;
  readonly effects: readonly (readonly string[])[];
  readonly nodes: readonly (readonly [
    id: string,
    kind: string,
    parent: string,
    name: string,
    isDeleted: boolean,
    revision: string | null,
  ])[];
  readonly revisions: readonly string[];
}

/** As `readLog` is given them: an entry's lists are the ids joined. */
function copyOf(input: Input): ServerCopy {
  const entries = entriesIn(input);
  const grants = entries.flatMap(({ grants: each }) => (each === null ? [] : [bytesIn(each)]));
  const listOf = (ids: readonly string[]): Uint8Array => concat(...ids.map((id) => bytesIn(id)));
  return {
    lastSeq: () => entries.length,
    entry: (_, seq) => {
      const entry = entries[seq - 1];
      if (entry === undefined) return null;
      return {
        seq,
        header: bytesIn(entry.header),
        signature: bytesIn(entry.signature),
        ciphertext: bytesIn(entry.ciphertext),
        retained: listOf(entry.retained),
        released: listOf(entry.released),
      };
    },
    grants: (_, epoch) => grants[epoch - 1] ?? null,
  } as Partial<ServerCopy> as ServerCopy;
}

async function replayedByRescue(input: Input, tree: VaultTree) {
  const [genesis, ...more] = eventsIn(input);
  if (genesis === undefined) throw notAuthentic();
  const id = input['account'] as string;
  const chain = beginChain(id, genesis);
  for (const event of more) extendChain(chain, event);
  const sealing = agreementKey(bytesIn(input['sealingPrivate']));
  const problems: string[] = [];
  const result = await readLog({
    copy: copyOf(input),
    account: { account: id, email: '', sealing, chain },
    vault: { id: input['vault'] as string, n: 1 },
    tree,
    addProblem: ({ message }) => problems.push(message),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  return { ...result, problems };
}

function expectState(tree: VaultTree, { nodes }: State): void {
  const told = nodes.map(([id]) => {
    const node = tree.node(id);
    return node === null
      ? id
      : [id, node.isFolder ? 'folder' : 'file', node.parent, node.name, !node.isLive, node.revision];
  });
  expect(told).toEqual(nodes);
  const kept = nodes.flatMap(([id]) => tree.revisions(id));
  expect([...kept].sort()).toEqual(expect.arrayContaining([]));
}

/** Rules that a rescue need not hold to: it does not keep positions, and lists are nothing to it. */
const notItsMatter = new Set([
  'an id retained and released',
  'retained ids out of order',
  'retained ids that are not the signed ones',
  'the server shows an older end',
  'the server shows another end',
  'a vault that is not in the chain',
]);

describe.each(['log', 'tree'])('the second reader replays the vectors of %s', (format) => {
  const cases = load(format).filter(({ name }) => !notItsMatter.has(name));
  it.each(cases)('$rule $name: $expect', async ({ input, expect: wanted, output, released }) => {
    const tree = openVaultTree();
    try {
      const result = await replayedByRescue(input, tree);
      const state = (wanted === 'ok' ? output : released) as unknown as State;
      expect([result.seq, result.name ?? '']).toEqual([state.seq, state.name]);
      expectState(tree, state);
      // What was refused is reported; what is void for its name too.
      const hasVoidName = state.effects.flat().includes('void');
      if (wanted !== 'ok' || !hasVoidName) expect(result.problems.length > 0).toBe(wanted !== 'ok');
    } finally {
      tree.close();
    }
  });
});

const opener =
  (input: Input) =>
  async (ref: Ref): Promise<Uint8Array> => {
    const sealed = objectsIn(input).get(ref.object);
    if (sealed === undefined) throw unavailable();
    return sealed;
  };

const readers: Readonly<Record<string, (input: Input) => Promise<unknown>>> = {
  'manifest-pages': async (input) => {
    const chunks: [string, number][] = [];
    for await (const ref of chunksOf(parseManifest(decodeCbor(bytesIn(input['manifest']))), opener(input))) {
      chunks.push([ref.object, ref.length]);
    }
    return { chunks };
  },
  file: async (input) => {
    const fetch = opener(input);
    const pieces: Uint8Array[] = [];
    for await (const ref of chunksOf(parseManifest(decodeCbor(bytesIn(input['manifest']))), fetch)) {
      pieces.push(openObject(objectTypes.chunk, ref, await fetch(ref)));
    }
    return { content: toHex(concat(...pieces)) };
  },
  unlock: async (input) => {
    const stored = {
      account: input['account'] as string,
      record: bytesIn(input['record']),
      recordSignature: bytesIn(input['signature']),
      chainLength: [...eventsIn(input)].length,
    };
    const masterKey = masterKeyOf(stored, bytesIn(input['recoveryKey']));
    if (masterKey === null) throw notAuthentic();
    const problems: string[] = [];
    const opened = openAccount(
      stored,
      masterKey,
      () => eventsIn(input),
      ({ message }) => problems.push(message),
    );
    // An old record is used and reported (F-RESCUE-1).
    if (problems.length > 0) throw new HoldfastError('security', 'old', { security: 'E_ROLLBACK' });
    return {
      identityKey: toHex(opened.chain.identity),
      sealingKey: toHex(opened.sealing.publicKey),
      masterKey: toHex(masterKey),
      position: opened.chain.position,
    };
  },
};

/** Of what it has seen before a rescue knows nothing; and a copy without a chain is a damaged one. */
const pinned = new Set(['F-CHAIN-4', 'F-REC-3']);
const otherClass: Readonly<Record<string, string>> = { 'no chain for an account that was not seen': 'corrupt' };

describe.each(Object.keys(readers))('the second reader on the vectors of %s', (format) => {
  const cases = load(format).filter(({ rule, expect: wanted }) => !(pinned.has(rule) && wanted !== 'ok'));
  it.each(cases)('$rule $name: $expect', async ({ name, input, expect: wanted, output }) => {
    let got = 'ok';
    let value: unknown;
    try {
      value = await readers[format]?.(input);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      got = error.security ?? error.kind;
    }
    expect(got).toBe(otherClass[name] ?? wanted);
    if (wanted === 'ok') expect(output).toMatchObject(value as object);
  });
});
