import { type NodeId, newId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import type { Operation } from '../../src/model/operation.ts';
import { testManifest } from '../fakes/vault-world.ts';
import type { VectorCase, VectorFile } from './case.ts';
import { newHistory } from './history.ts';
import { whole } from './make-histories.ts';

type Log = readonly (readonly Operation[])[];

/** A history in which `log` decides what is done, given ids and contents to name. */
function tree(name: string, rule: string, log: (made: Made) => Log): VectorCase {
  const history = newHistory(name);
  const id = (at: number) => at.toString(16).padStart(32, '0') as NodeId;
  const content = (node: NodeId, chunks = 1, revision?: RevisionId) =>
    testManifest(history.random, node, chunks, revision ?? newId(history.random));
  for (const operations of log({ docs: id(1), file: id(2), other: id(3), fresh: id(4), content })) {
    history.push(operations);
  }
  return whole(name, rule, history);
}

interface Made {
  readonly docs: NodeId;
  readonly file: NodeId;
  readonly other: NodeId;
  readonly fresh: NodeId;
  content(node: NodeId, chunks?: number, revision?: RevisionId): Manifest;
}

const makeFolder = (node: NodeId, name: string, parent: NodeId = rootNode): Operation => ({
  type: 'create-folder',
  node,
  parent,
  name,
});
const place = (node: NodeId, name: string, parent: NodeId = rootNode): Operation => ({
  type: 'place',
  node,
  parent,
  name,
});
const restore = (node: NodeId, name: string, parent: NodeId = rootNode): Operation => ({
  type: 'restore',
  node,
  parent,
  name,
});
const remove = (node: NodeId): Operation => ({ type: 'delete', node });
const makeFile = (manifest: Manifest, name: string, parent: NodeId = rootNode): Operation => ({
  type: 'create-file',
  node: manifest.node,
  parent,
  name,
  manifest,
});

/** Section 8.4: which operations are void, and what the others do. */
function treeCases(): VectorCase[] {
  const names = ['', '.', '..', 'a/b', '/', 'a\0b', '.holdfast', '.HoldFast', '\uff0eholdfast', 'x'.repeat(1021)];
  return [
    tree('a node id used twice, also after it was deleted', 'F-TREE-1', ({ docs, file }) => [
      [makeFolder(docs, 'docs'), makeFolder(docs, 'again')],
      [remove(docs)],
      [makeFolder(docs, 'docs'), makeFolder(rootNode, 'root'), makeFolder(file, 'end')],
    ]),
    tree(
      'parents that are unknown, deleted, files, or the node itself',
      'F-TREE-2',
      ({ docs, file, other, fresh, content }) => [
        [makeFolder(docs, 'docs'), makeFile(content(file), 'file')],
        [makeFolder(other, 'x', fresh), makeFolder(other, 'x', file), makeFolder(other, 'x', other)],
        [remove(docs), makeFolder(other, 'x', docs), place(file, 'moved', docs)],
      ],
    ),
    tree('two siblings of one name: composed, decomposed, capital', 'F-TREE-2', ({ docs, file, other, fresh }) => [
      [makeFolder(docs, '\u00e9'), makeFolder(file, 'e\u0301'), makeFolder(other, '\u00c9')],
      [makeFolder(file, 'f'), place(file, 'e\u0301'), place(docs, 'e\u0301'), makeFolder(fresh, '\u00e9')],
      [remove(docs), place(file, '\u00e9'), restore(docs, '\u00e9'), restore(docs, 'back')],
    ]),
    tree('a folder moved below itself, and the root', 'F-TREE-3', ({ docs, file, other }) => [
      [makeFolder(docs, 'docs'), makeFolder(file, 'in', docs), makeFolder(other, 'deep', file)],
      [place(docs, 'x', docs), place(docs, 'x', file), place(docs, 'x', other), place(rootNode, 'x', docs)],
      [place(other, 'out'), place(docs, 'docs', other), place(other, 'out')],
    ]),
    tree('deleted and unknown nodes are not moved', 'F-TREE-3', ({ docs, fresh }) => [
      [makeFolder(docs, 'docs'), place(fresh, 'x')],
      [remove(docs), place(docs, 'x')],
    ]),
    tree(
      'manifests of another node, that contradict themselves, or of a kept revision',
      'F-TREE-4',
      ({ docs, file, other, fresh, content }) => {
        const first = content(file, 2);
        const wrong = { ...content(other), size: 11 };
        return [
          [makeFolder(docs, 'docs'), makeFile(first, 'file')],
          [{ ...makeFile(content(fresh), 'x'), node: other } as Operation, makeFile(wrong, 'y')],
          [makeFile(content(other, 1, first.revision), 'z'), { type: 'revise', node: docs, manifest: content(docs) }],
          [
            { type: 'revise', node: file, manifest: content(other) },
            { type: 'revise', node: file, manifest: first },
          ],
          [
            { type: 'revise', node: file, manifest: content(file, 16) },
            { type: 'revise', node: fresh, manifest: content(fresh) },
          ],
          [remove(file), { type: 'revise', node: file, manifest: content(file) }],
        ];
      },
    ),
    tree(
      'lengths of chunks below zero and over 4 MiB make a void operation, not an entry that is refused',
      'F-TREE-4',
      ({ file, content }) => {
        const of = (plainLength: number): Manifest => {
          const manifest = content(file);
          const { content: inside } = manifest;
          const chunks = inside.kind === 'chunks' ? inside.chunks.map((ref) => ({ ...ref, plainLength })) : [];
          return { ...manifest, size: Math.max(0, plainLength), content: { kind: 'chunks', chunks } };
        };
        return [
          [makeFile(of(0), 'a'), makeFile(of(-1), 'b'), makeFile(of(4_194_305), 'c'), makeFile(of(4_194_304), 'd')],
        ];
      },
    ),
    tree(
      'deleting a folder deletes what is in it, restoring brings it back empty',
      'F-TREE-5',
      ({ docs, file, other, fresh, content }) => [
        [makeFolder(docs, 'docs'), makeFile(content(file), 'file', docs), makeFolder(other, 'in', docs)],
        [remove(docs), remove(docs), remove(rootNode), remove(fresh)],
        [restore(file, 'file', docs), restore(docs, 'docs'), restore(file, 'file', docs), restore(docs, 'twice')],
        [restore(fresh, 'x'), restore(rootNode, 'x'), restore(other, 'in', other)],
      ],
    ),
    tree('a file without a revision is not restored', 'F-TREE-5', ({ file, content }) => {
      const first = content(file);
      return [
        [makeFile(first, 'file')],
        [remove(file), { type: 'release', revisions: [first.revision] }],
        [restore(file, 'file')],
      ];
    }),
    tree(
      'releases: all or none, each once, never the current one of a live file',
      'F-TREE-6',
      ({ file, fresh, content }) => {
        const [first, second] = [content(file), content(file, 2)];
        const of = (...revisions: RevisionId[]): Operation => ({ type: 'release', revisions });
        return [
          [makeFile(first, 'file'), { type: 'revise', node: file, manifest: second }],
          [of(second.revision), of(first.revision, first.revision), of(first.revision, second.revision)],
          [of(first.revision, fresh as string as RevisionId), of(first.revision), of(first.revision)],
          [{ type: 'revise', node: file, manifest: first }],
        ];
      },
    ),
    ...names.map((text) =>
      tree(`the name ${JSON.stringify(text.slice(0, 12))} of ${text.length}`, 'F-TREE-7', ({ docs, file }) => [
        [makeFolder(docs, text), makeFolder(file, 'fine')],
        [place(file, text), { type: 'vault', name: text }],
      ]),
    ),
    tree('names that are odd and good', 'F-TREE-7', ({ docs, file, other, fresh }) => [
      [
        makeFolder(docs, 'a\\b:c*'),
        makeFolder(file, '...'),
        makeFolder(other, '\ufeffx'),
        makeFolder(fresh, 'x'.repeat(1020)),
      ],
    ]),
    tree('the name of the vault, and a move to where it is', 'F-TREE-8', ({ docs }) => [
      [makeFolder(docs, 'docs'), place(docs, 'docs'), { type: 'vault', name: 'Other' }, { type: 'vault', name: '..' }],
    ]),
  ];
}

export const treeVectors = (): VectorFile[] => [
  { format: 'tree', about: 'FORMAT.md 8.4: as `log`; all is authentic, and some of it void.', cases: treeCases() },
];
