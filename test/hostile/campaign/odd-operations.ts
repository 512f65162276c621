import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { SealedChunk } from '../../../src/crypto/chunk.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { ChunkRef, Manifest } from '../../../src/model/manifest.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { newNode, type VaultAuthor } from '../../integration/rescue/vault-author.ts';
import type { Dice } from '../../sim/random.ts';
import { flip } from './mangle.ts';

const names = [
  ...[
    'a',
    'A',
    'b',
    'b.txt',
    'B.TXT',
    'é',
    'e\u0301',
    'ﬁ',
    'fi',
    'ß',
    'SS',
    'dot.',
    'dot',
    ' x',
    'x ',
    '-rf',
    '~',
    '$HOME',
  ],
  ...[
    '..',
    '.',
    '',
    'a/b',
    '../../x',
    '/etc/x',
    'a\\b',
    'C:',
    'CON',
    'nul\0byte',
    'line\nbreak',
    '\x1b[2J',
    '\u202egpj.exe',
  ],
  ...[
    '.holdfast',
    '.HOLDFAST',
    '.holdfast ',
    '.holdfast/marker',
    'marker',
    '.bashrc',
    'desktop.ini',
    'x.part',
    '~$x',
    '.git',
  ],
  ...[
    'x'.repeat(255),
    'x'.repeat(256),
    'ü'.repeat(127),
    '€'.repeat(86),
    'x'.repeat(1020),
    'x'.repeat(1021),
    '\ud800',
    '\ufeffa',
  ],
  ...[
    'a (conflict from b, 2020-01-01 00.00.00)',
    'a (conflict from b, 2020-01-01 00.00.00).txt',
    '__proto__',
    'constructor',
  ],
];

/** Of `.holdfastignore`, which is a file like any other. */
const rules = [
  '*',
  '**',
  '!*',
  '!.holdfast',
  '/',
  '\0',
  '*/'.repeat(5000),
  'a\n'.repeat(5000),
  '.holdfastignore',
  '*.txt\n!b.txt',
];

const times = [0, -1, 1, 8.64e15, -8.64e15, 2 ** 53 - 1, -(2 ** 53) + 1, 1_700_000_000_000_000];

interface Written {
  readonly operations: readonly Operation[];
  readonly objects: readonly SealedChunk[];
}

/** What a device with keys, but without sense, may write next. `nodes`: those that there are, and it adds to them. */
export function oddEntry(draw: Dice, author: VaultAuthor, nodes: NodeId[], hasRules: boolean): Written {
  const operations: Operation[] = [];
  const objects: SealedChunk[] = [];
  const node = (): NodeId => (draw.chance(0.9) ? draw.pick(nodes) : draw.pick([rootNode, newNode()]));
  const name = (): string => (draw.chance(0.4) ? `plain ${draw.below(6)}` : draw.pick(names));
  const add = (operation: Operation): void => void operations.push(operation);
  const manifest = (of: NodeId, pieces: readonly string[]): Manifest => {
    const content = author.content(of, pieces, { mtimeUs: draw.pick(times), exec: draw.chance(0.3) });
    if (draw.chance(0.9)) objects.push(...content.objects);
    return draw.chance(0.5) ? content.manifest : oddManifest(draw, content.manifest);
  };
  for (let count = 1 + draw.below(8); count > 0; count--) {
    const fresh = newNode();
    const parent = draw.chance(0.4) ? rootNode : node();
    const pieces = Array.from({ length: draw.below(4) }, () => `odd ${draw.below(2 ** 31)}`);
    switch (draw.below(10)) {
      case 0:
      case 1:
        nodes.push(fresh);
        add({ type: 'create-folder', node: draw.chance(0.9) ? fresh : node(), parent, name: name() });
        break;
      case 2:
      case 3:
        nodes.push(fresh);
        add({ type: 'create-file', node: fresh, parent, name: name(), manifest: manifest(fresh, pieces) });
        break;
      case 4: {
        if (!hasRules) break;
        nodes.push(fresh);
        const text = draw.pick(rules);
        add({ type: 'create-file', node: fresh, parent, name: '.holdfastignore', manifest: manifest(fresh, [text]) });
        break;
      }
      case 5:
        add({ type: 'place', node: node(), parent, name: name() });
        break;
      case 6: {
        const of = node();
        add({ type: 'revise', node: of, manifest: manifest(of, pieces) });
        break;
      }
      case 7:
        if (draw.chance(0.3)) add({ type: 'delete', node: node() });
        break;
      case 8:
        add({ type: 'restore', node: node(), parent, name: name() });
        break;
      default:
        add({ type: 'release', revisions: [newId<RevisionId>(systemRandom)] });
    }
  }
  return { operations, objects };
}

/** One that lies about its content. */
function oddManifest(draw: Dice, manifest: Manifest): Manifest {
  const { content } = manifest;
  const chunks = content.kind === 'chunks' ? content.chunks : content.pages;
  const oddChunk = (chunk: ChunkRef): ChunkRef => {
    switch (draw.below(5)) {
      case 0:
        return { ...chunk, hash: flip(draw, chunk.hash) };
      case 1:
        return { ...chunk, secret: flip(draw, chunk.secret) };
      case 2:
        return { ...chunk, objectId: newId<ObjectId>(systemRandom) };
      case 3:
        return { ...chunk, plainLength: chunk.plainLength + 1 };
      default:
        return { ...chunk, plainLength: 4 * 1024 * 1024 };
    }
  };
  const odd = chunks.map(oddChunk);
  const size = odd.reduce((sum, { plainLength }) => sum + plainLength, 0);
  switch (draw.below(6)) {
    case 0:
      return { ...manifest, size: draw.pick([0, manifest.size + 1, 2 ** 53 - 1]) };
    case 1:
      return { ...manifest, size, content: { kind: 'chunks', chunks: odd } };
    case 2:
      return {
        ...manifest,
        size: 5,
        content: { kind: 'pages', pages: odd, chunkCount: draw.pick([0, 1, 70_000, 2 ** 40]) },
      };
    case 3: {
      const many = Array.from({ length: 1 + draw.below(60) }, () => chunks).flat();
      return {
        ...manifest,
        size: manifest.size * (many.length / Math.max(1, chunks.length)),
        content: { kind: 'chunks', chunks: many },
      };
    }
    case 4:
      return { ...manifest, node: newNode() };
    default:
      return { ...manifest, size: 2 ** 45, content: { kind: 'pages', pages: chunks, chunkCount: 2 ** 23 } };
  }
}
