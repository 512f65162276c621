import type { LocalNameRules } from '../model/local-name-rules.ts';
import { localSpelling } from './local-name.ts';
import { fittingName, nameParts } from './name-parts.ts';

/** What this module itself adds; the device's name holds no brackets then. Editors add a tilde. */
const mark = / \(conflict from [^()]*, \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(?:, \d+)?\)(?=~*$)/;

/** 0000-01-01 and 9999-12-31, beyond which a date has no four digits. */
const earliest = -62_167_219_200_000;
const latest = 253_402_300_799_000;

function stamp(mtimeUs: number): string {
  const ms = Number.isFinite(mtimeUs) ? Math.min(Math.max(Math.floor(mtimeUs / 1000), earliest), latest) : 0;
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
}

/** A device's name as part of a file name on any system. */
function deviceLabel(deviceName: string): string {
  const label = deviceName
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{M}\p{N} ._'-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return fittingName(label, '', '', { unit: 'utf8', length: 40 }) || 'another device';
}

/** Every common file system holds this much, so that a copy made here can go to all devices. */
const portable = { unit: 'utf8', length: 255 } as const;

const narrower = (limit: LocalNameRules['maxLength']): LocalNameRules['maxLength'] =>
  limit.length < portable.length ? { unit: 'utf8', length: limit.length } : portable;

/**
 * The name of a conflict copy, or of a node that steps aside: `report (conflict from Anna's laptop, 2031-05-04
 * 10.20.30).txt`, at the time of the content in UTC, so that a repeat finds the same name. A conflict copy in conflict
 * does not collect marks. The result is possible on this file system and not `taken`.
 */
export function conflictName(
  name: string,
  deviceName: string,
  mtimeUs: number,
  taken: (name: string) => boolean,
  rules: LocalNameRules,
): string {
  const { stem, extension } = nameParts(localSpelling(name, rules));
  const base = stem.replace(mark, '');
  const label = `conflict from ${deviceLabel(deviceName)}, ${stamp(mtimeUs)}`;
  const limit = narrower(rules.maxLength);
  for (let number = 1; ; number++) {
    const candidate = fittingName(base, number === 1 ? ` (${label})` : ` (${label}, ${number})`, extension, limit);
    if (!taken(candidate)) return candidate;
  }
}

/** The name of what `name` is a conflict copy of; null if it is none. */
export function conflictOriginal(name: string): string | null {
  if (!name.includes(' (conflict from ')) return null;
  const { stem, extension } = nameParts(name);
  const original = stem.replace(mark, '');
  return original === stem || original === '' ? null : original + extension;
}
