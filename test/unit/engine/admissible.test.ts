import { afterEach, beforeEach, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { type NodeId, rootNode } from '../../../src/common/ids.ts';
import type { Index } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { indexTreeReader } from '../../../src/engine/log/index-tree.ts';
import { admissible } from '../../../src/engine/up/admissible.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import type { UpOperation } from '../../../src/plan/plan.ts';
import type { Draft } from '../../../src/vault/split-operations.ts';
import type { VaultTreeReader } from '../../../src/vault/vault-tree.ts';
import { gone, linuxRules, live, local, node, remote, stamp } from '../../contract/index-fixtures.ts';

interface Item {
  readonly planned: UpOperation;
  readonly draft: Draft;
}

const [folder, inside, late] = [node(1), node(2), node(3)];
let index: Index;

beforeEach(() => {
  index = openIndex(':memory:', { rules: linuxRules, isDiverged });
  index.transaction((write) => {
    write.putVaultRow(live(remote({ id: folder, kind: 'folder', name: 'd' }), stamp(1)));
    write.putVaultRow(live(remote({ id: inside, parent: folder, name: 'f' }), stamp(2)));
  });
});
afterEach(() => index.close());

/** A delete of the folder, planned when it held so many nodes, itself among them. */
const deletePlanned = (nodes: number): Item => ({
  planned: { type: 'up-delete', node: folder, nodes } as UpOperation,
  draft: { operation: { type: 'delete', node: folder }, retained: [], released: [] },
});
const isSent = (nodes: number): boolean =>
  admissible(index.read, indexTreeReader(index.read), [deletePlanned(nodes)], stamp(9)).length === 1;

test('a folder is deleted with what the plan knew of', () => {
  expect(isSent(2)).toBe(true);
});

test('what another device added meanwhile is not deleted with it', () => {
  index.transaction((write) => write.putVaultRow(live(remote({ id: late, parent: folder, name: 'g' }), stamp(3))));
  expect(isSent(2)).toBe(false);
});

test('nor is a folder from which something was moved out meanwhile', () => {
  index.transaction((write) => write.putVaultRow(gone(index.read.vaultRow(inside), stamp(3))));
  expect(isSent(2)).toBe(false);
});

test('nor anything that is on this device', () => {
  index.transaction((write) => write.putLocal(local({ id: inside, name: 'f' })));
  expect(isSent(2)).toBe(false);
});

/** The file `f` and the folder `d` take each other's place: one of them waits under a temporary name meanwhile. */
const place = (each: NodeId, name: string, rule = 'moved-here'): Item => ({
  planned: { type: 'up-place', node: each, parent: rootNode, name, rule } as UpOperation,
  draft: { operation: { type: 'place', node: each, parent: rootNode, name }, retained: [], released: [] },
});
const step = place(folder, '.~00000001', 'swap-by-way-of-a-temporary-name');
const [other, end] = [place(inside, 'd'), place(folder, 'f')];

test('an exchange of names is sent whole, also if its end comes later', () => {
  expect(admissible(index.read, indexTreeReader(index.read), [step, other, end], stamp(9))).toEqual([step, other, end]);
  expect(admissible(index.read, indexTreeReader(index.read), [step], stamp(9), [other, end])).toEqual([step]);
});

test('without its end, which another device made impossible meanwhile, it is not begun, nor what would follow', () => {
  index.transaction((write) => write.putVaultRow(live(remote({ id: late, name: 'f' }), stamp(3))));
  expect(admissible(index.read, indexTreeReader(index.read), [step, end], stamp(9))).toEqual([]);
  expect(admissible(index.read, indexTreeReader(index.read), [step, other, end], stamp(9))).toEqual([]);
});

test('a folder of more than a hundred thousand files is, too', () => {
  const children = Array.from({ length: 130_000 }, (_, at) => node(at + 10));
  const tree = indexTreeReader(index.read);
  const [above, each] = [must(tree.node(folder)), must(tree.node(inside))];
  const full: VaultTreeReader = {
    ...tree,
    node: (id) => (id === folder ? above : { ...each, id }),
    liveChildren: (id) => (id === folder ? children : []),
  };
  expect(admissible(index.read, full, [deletePlanned(children.length + 1)], stamp(9))).toHaveLength(1);
});
