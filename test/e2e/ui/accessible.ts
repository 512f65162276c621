import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** A menu stands above all landmarks, as a dialog does. */
const configuration = {
  checks: [{ id: 'region', options: { regionMatcher: 'dialog, [role=dialog], [role=alertdialog], [role=menu], svg' } }],
};

/** Fails with what axe finds on the page as it is now; `rules`: with these alone. */
export async function expectAccessible(page: Page, what: string, rules?: readonly string[]): Promise<void> {
  // Through the debugger, since the page's policy lets no script in.
  const isThere = await page.evaluate('typeof window.axe');
  if (isThere === 'undefined') await page.evaluate(`${axe}; window.axe.configure(${JSON.stringify(configuration)})`);
  // What moves in is half transparent on the way.
  await page.evaluate(
    'Promise.all(document.getAnimations().map((each) => each.effect.getComputedTiming().iterations === Infinity ? null : each.finished.catch(() => null)))',
  );
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  const violations = (await page.evaluate(
    `window.axe.run(document, ${JSON.stringify(options)}).then((result) => result.violations)`,
  )) as Violation[];
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
  );
  expect(found, what).toEqual([]);
}
