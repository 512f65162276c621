import { describe, expect, it } from 'vitest';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';

const id = 'a'.repeat(32) as NodeId;
const other = 'b'.repeat(32) as NodeId;
const revision = '1'.repeat(32) as RevisionId;
const edited = '2'.repeat(32) as RevisionId;
const remote = {
  id,
  parent: rootNode,
  name: 'x:y',
  kind: 'file' as const,
  revision,
  size: 1,
  mtimeUs: 1,
  exec: false,
};
const local = { ...remote, name: 'x%3Ay', differsFrom: null };
const synced = { id, parent: rootNode, name: 'x:y', localName: 'x%3Ay', kind: 'file' as const, revision };

describe('isDiverged', () => {
  it('is false where both are as the base says, each under its own name, and for a node that is nowhere', () => {
    expect(isDiverged(local, remote, synced)).toBe(false);
    expect(isDiverged(null, null, null)).toBe(false);
  });

  it('is false for time, size and exec bit alone', () => {
    expect(isDiverged({ ...local, mtimeUs: 2, exec: true }, { ...remote, mtimeUs: 3, size: 9 }, synced)).toBe(false);
  });

  it.each([
    ['missing here', null, remote, synced],
    ['missing there', local, null, synced],
    ['without a base', local, remote, null],
    ['only a base', null, null, synced],
    ['edited here', { ...local, revision: edited }, remote, synced],
    ['edited there', local, { ...remote, revision: edited }, synced],
    ['the same edit', { ...local, revision: edited }, { ...remote, revision: edited }, synced],
    ['moved here', { ...local, parent: other }, remote, synced],
    ['moved there', local, { ...remote, parent: other }, synced],
    ['renamed here', { ...local, name: 'x:y' }, remote, synced],
    ['renamed there', local, { ...remote, name: 'X:y' }, synced],
  ] as const)('is true: %s', (_, here, there, base) => {
    expect(isDiverged(here, there, base)).toBe(true);
  });
});
