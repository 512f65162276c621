import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Attributes that a person sees or hears. */
const seen = new Set([
  'label',
  'title',
  'text',
  'hint',
  'verb',
  'alt',
  'placeholder',
  'aria-label',
  'aria-description',
]);
const hasLetter = /\p{L}{2}/u;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Texts that stand in a component itself, where no catalogue reaches them. */
function literalTexts(file: string, source: string): string[] {
  const found: string[] = [];
  const literal = (node: Node): string | null => {
    if (node.type === 'JSXText' || node.type === 'Literal')
      return typeof node['value'] === 'string' ? node['value'] : null;
    if (node.type === 'JSXExpressionContainer' && isNode(node['expression'])) return literal(node['expression']);
    return null;
  };
  const note = (text: string | null): void => {
    if (text !== null && hasLetter.test(text)) found.push(`${file}: ${text.trim()}`);
  };
  const visit = (node: Node): void => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node['children'] as Node[]) note(literal(child));
    }
    if (node.type === 'JSXAttribute' && isNode(node['value'])) {
      const name = isNode(node['name']) ? String(node['name']['name']) : '';
      if (seen.has(name)) note(literal(node['value']));
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parseSync(file, source).program as unknown as Node);
  return found;
}

const components = readdirSync(join(repository, 'renderer'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.tsx'),
);

test('no text stands in a component: all of them are in the catalogues', () => {
  expect(components.length).toBeGreaterThan(30);
  const found = components.flatMap((path) =>
    literalTexts(path, readFileSync(join(repository, 'renderer', path), 'utf8')),
  );
  expect(found).toEqual([]);
});

test('a text in a component is found, as a child and as an attribute', () => {
  const source = `const a = <p title="Hello there" className="wide">Text {'more'} {3} · </p>;`;
  expect(literalTexts('a.tsx', source)).toEqual(['a.tsx: Text', 'a.tsx: more', 'a.tsx: Hello there']);
});

test('no component is longer than 150 lines', () => {
  const long = components.filter(
    (path) => readFileSync(join(repository, 'renderer', path), 'utf8').split('\n').length > 151,
  );
  expect(long).toEqual([]);
});
