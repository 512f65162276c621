import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../helpers/run.ts';

const list = join(repository, '../shared/scenarios.md');

/** An id at the beginning of a row, or in a text in quotes: the name of a test, of a row of a table, or of a recorded trace. */
const idsAtRows = (text: string): string[] => [...text.matchAll(/^\| ([A-Z]{3}-\d\d) \|/gm)].map(([, id]) => id ?? '');
const idsInQuotes = (source: string): string[] =>
  [...source.matchAll(/(?<=['"`])[^'"`\n]*/g)].flatMap(([text]) => text.match(/\b[A-Z]{3}-\d\d\b/g) ?? []);

function testedIds(): Set<string> {
  const folder = join(repository, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.test.ts') || (path.startsWith('editors') && path.endsWith('.json')),
  );
  return new Set(files.flatMap((path) => idsInQuotes(readFileSync(join(folder, path), 'utf8'))));
}

/** The rows of section 8: what is said of them is the reason. */
function decidedIds(): Set<string> {
  const design = readFileSync(join(repository, 'src/plan/DESIGN.md'), 'utf8');
  const section = design.slice(design.indexOf('## 8. Scenario rows decided otherwise'));
  return new Set(
    [...section.matchAll(/^- \*\*([^*]+)\*\*/gm)].flatMap(([, ids]) => ids?.match(/[A-Z]{3}-\d\d/g) ?? []),
  );
}

describe('the rows of scenarios', () => {
  test('have a test or a reason to have none', (context) => {
    if (!existsSync(list)) {
      process.stderr.write('SKIPPED: ../shared/scenarios.md is not here, so nothing says which rows there are\n');
      context.skip('../shared/scenarios.md is not here');
    }
    const rows = idsAtRows(readFileSync(list, 'utf8'));
    expect(rows.length).toBeGreaterThan(200);
    const known = new Set([...testedIds(), ...decidedIds()]);
    expect(rows.filter((id) => !known.has(id))).toEqual([]);
  });

  test('that are decided otherwise are few', () => {
    expect(decidedIds().size).toBeGreaterThan(10);
    expect(decidedIds().size).toBeLessThan(60);
  });
});
