import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';

/** Properties and values that know a left and a right, where languages know a begin and an end. */
const sided =
  /^(?:left|right|float|clear|(?:margin|padding|border)-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius)$/;
const sidedValue = /^(?:left|right)\b/;
/** Those whose four values are top, right, bottom, left. */
const around = new Set(['margin', 'padding', 'inset', 'border-width', 'border-color', 'border-style', 'border-radius']);

/** Declarations of a style sheet that stay where they are when the page is written from right to left. */
function sidedDeclarations(source: string): string[] {
  const rules = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').matchAll(/([^{};]+)\{([^{}]*)\}/g);
  return [...rules].flatMap(([, selector = '', body = '']) =>
    // What is said for one direction, is said for the other as well.
    selector.includes('[dir=')
      ? []
      : body
          .split(';')
          .map((each) => each.trim())
          .filter(isSided),
  );
}

function isSided(declaration: string): boolean {
  const cut = declaration.indexOf(':');
  const [name, value] = [declaration.slice(0, cut).trim(), declaration.slice(cut + 1).trim()];
  if (sided.test(name)) return true;
  if (name === 'text-align' || name === 'background-position') return sidedValue.test(value);
  const values = value.match(/(?:[^\s(]|\([^)]*\))+/g) ?? [];
  return around.has(name) && values.length === 4 && values[1] !== values[3];
}

const sheets = readdirSync(join(repository, 'renderer'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.css'),
);

test('styles know begin and end, not left and right: the window stands the other way round where that is how one reads', () => {
  expect(sheets.length).toBeGreaterThan(20);
  const found = sheets.flatMap((path) =>
    sidedDeclarations(readFileSync(join(repository, 'renderer', path), 'utf8')).map((each) => `${path}: ${each}`),
  );
  // The arrow of a list is painted from two slopes; it has its rule for the other direction.
  expect(found).toEqual([expect.stringMatching(/^parts\/field\.module\.css: background-position:\s+right/)]);
});

test('a side is found wherever a declaration may name one', () => {
  const source = `a { margin-left: 1px; color: red } b { text-align: right; padding: 1px 2px 3px calc(1px + 2px) }
    [dir="rtl"] c { left: 0 } d { padding: 1px 2px 3px 2px; inset: 0; text-align: start } e { border-left: 1px }`;
  expect(sidedDeclarations(source)).toEqual([
    'margin-left: 1px',
    'text-align: right',
    'padding: 1px 2px 3px calc(1px + 2px)',
    'border-left: 1px',
  ]);
});
