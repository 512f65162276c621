import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedName, nameForms } from '../../../src/app/rescue/safe-name.ts';

describe('names of rescued files', () => {
  it.each([
    ['a:b?.txt', 'a_b_.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['COM1 .log', '_COM1 .log'],
    ['console', 'console'],
    ['ends. .', 'ends___'],
    ['back\\slash', 'back_slash'],
    ['tab\there', 'tab_here'],
  ])('%j is %j on Windows, and as it is elsewhere first', (name, safe) => {
    expect(nameForms(name, 'win32')[0]).toBe(safe);
    expect(nameForms(name, 'linux')[0]).toBe(name);
  });

  it('numbers before the extension, and shortens what comes before it', () => {
    expect(markedName('a.txt', '2')).toBe('a (2).txt');
    expect(markedName('.profile', '2')).toBe('.profile (2)');
    expect(markedName('archive.tar.gz', '2')).toBe('archive.tar (2).gz');
    expect(markedName(`${'é'.repeat(200)}.txt`, '10')).toMatch(/^é+ \(10\)\.txt$/);
  });

  it('whatever they were: one component, whole characters, of bearable length, never empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), (text) => {
        const name = text.replace(/[/\0]/g, 'x');
        const forms = nameForms(name, 'win32');
        for (const form of [...forms, ...forms.map((each) => markedName(each, '2'))]) {
          expect(form).not.toBe('');
          expect(form).toMatch(/^[^<>:"/\\|?*\0]+$/);
          expect(form).not.toMatch(/[. ]$/);
          expect(['.', '..']).not.toContain(form);
          expect(form.isWellFormed() || !name.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(form)).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
