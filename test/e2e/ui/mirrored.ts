import type { Page } from 'playwright-core';

/**
 * What does not stand where it would in a mirror when the page is written from right to left: the same words in the same
 * places, counted from the other side. What stays as it is (`dir="ltr"`: paths, recovery words) is left out with what is in it.
 */
export async function notMirrored(page: Page): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (let tries = 0; tries < 4; tries++) {
    found = (await page.evaluate(compare)) as readonly string[];
    if (found.length === 0) break;
    // What was answered late has moved things between the two looks; what is wrong stays so.
  }
  return found;
}

/** In the page, as a string: it is no code of this side. */
const compare = `(async () => {
  const root = document.documentElement;
  const settle = async () => {
    // What floats finds its place in the frame after the one that turned.
    for (let frame = 0; frame < 4; frame++) await new Promise((next) => requestAnimationFrame(next));
  };
  const shown = [...document.querySelectorAll('button, a, input, select, h1, h2, h3, bdi, time, svg, [role=progressbar]')]
    .filter((each) => each.closest('[dir=ltr] *, .hidden') === null && each.checkVisibility());
  const range = document.createRange();
  // Of words, where they are and not how much room they have.
  const boxOf = (each) => {
    const own = each.getBoundingClientRect();
    if (!each.matches('bdi, time, h1, h2, h3')) return own;
    range.selectNodeContents(each);
    const words = range.getBoundingClientRect();
    return { left: Math.max(words.left, own.left), right: Math.min(words.right, own.right) };
  };
  const before = shown.map(boxOf);
  root.dir = 'rtl';
  await settle();
  const found = shown.flatMap((each, at) => {
    const { left, right } = boxOf(each);
    const was = before[at];
    if (right - left < 2 || was.right - was.left < 2) return [];
    const off = Math.round(innerWidth - right - was.left);
    return Math.abs(off) > 3 ? [off + ' px: ' + each.outerHTML.slice(0, 160)] : [];
  });
  root.dir = 'ltr';
  await settle();
  return found;
})()`;
