import type { Page } from 'playwright-core';

/**
 * Walks once through the page by Tab and tells what is wrong for those who have no mouse: what cannot be reached, what has the
 * focus without showing it or out of sight, and where a dialog lets the focus out of it.
 */
export async function tabRound(page: Page): Promise<readonly string[]> {
  await page.evaluate(settled);
  await page.evaluate(begin);
  for (let tabs = 0; tabs < 80; tabs++) {
    await page.keyboard.press('Tab');
    await page.evaluate(settled);
    if ((await page.evaluate('window.tabRound_.step()')) === false) break;
  }
  return (await page.evaluate('window.tabRound_.end()')) as readonly string[];
}

/** A dialog moves the focus in a later frame, when it opens and at its ends: a person's next key comes after that, ours must too. */
const settled = `(async () => {
  if (document.querySelector('[role=dialog], [role=alertdialog]') === null) return;
  for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
})()`;

/** In the page, as a string: it is no code of this side. */
const begin = `(() => {
  const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
  const visited = new Set();
  const problems = [];
  let ends = 0;
  const tell = (each) => each.outerHTML.slice(0, 120);
  const isGuard = (each) => each.hasAttribute('data-base-ui-focus-guard');
  // What takes the focus may be smaller than what shows it: a search with its icon, a choice with its words.
  const isShown = (each) => {
    for (let at = each, up = 0; at !== null && up < 3; at = at.parentElement, up++) {
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return true;
    }
    return false;
  };
  if (dialog === null) document.activeElement.blur();
  else if (!dialog.contains(document.activeElement)) problems.push('the dialog has not taken the focus');
  window.tabRound_ = {
    step: () => {
      const at = document.activeElement;
      // Over the end and on from the beginning: it starts where the person was before.
      if (at === null || at === document.body) return ++ends < 3;
      if (isGuard(at)) return true;
      if (visited.has(at)) return false;
      visited.add(at);
      const { top, bottom, left, right } = at.getBoundingClientRect();
      if (!isShown(at)) problems.push('no ring: ' + tell(at));
      if (bottom < 0 || top > innerHeight || right < 0 || left > innerWidth) problems.push('out of sight: ' + tell(at));
      if (dialog !== null && !dialog.contains(at)) problems.push('out of the dialog: ' + tell(at));
      return true;
    },
    end: () => {
      const all = [...(dialog ?? document).querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
      const missed = all.filter((each) =>
        each.tabIndex >= 0 && each.disabled !== true && !isGuard(each) && each.checkVisibility() &&
        !(each.type === 'radio' && !each.checked) && each.closest('[aria-hidden=true]') === null && !visited.has(each));
      return [...problems, ...missed.map((each) => 'not reached: ' + tell(each))];
    },
  };
})()`;
