import { bytesOf, type Files, shown } from '../../helpers/scenario-files.ts';
import type { Dice } from '../../sim/random.ts';
import type { ContentBook } from './content-book.ts';

const sizes = [0, 1, 40, 900, 5000, 70_000, 1_200_000];

/** Some edits, as a person makes them; every content is a new one. */
export function editFiles(draw: Dice, book: ContentBook, files: Files, who: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const there = Object.entries(files.tree()).filter(([path]) => !path.endsWith('/'));
    const [old, had] = there.length > 0 ? draw.pick(there) : ['', ''];
    const fresh = `${draw.pick(['', 'a/', 'a/b/', 'c/'])}${who} ${draw.below(1000)}.txt`;
    const content = `${who} ${draw.below(2 ** 31)} ${'x'.repeat(draw.pick(sizes))}`;
    const what = there.length > 0 ? draw.pick(['new', 'new', 'edit', 'edit', 'rm', 'mv']) : 'new';
    if (what === 'rm') files.rm(old);
    else if (files.has(fresh)) continue;
    else if (what === 'mv') files.mv(old, fresh);
    else {
      files.write(what === 'edit' ? old : fresh, content);
      book.made(shown(bytesOf(content)), what === 'edit' ? had : null);
    }
    book.note(files.tree());
  }
}
