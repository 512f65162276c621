import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { RemoteNode, SyncedNode } from '../model/node.ts';
import { isSameName } from './diverged.ts';
import { fittingName, nameLength, nameParts } from './name-parts.ts';

/** Names that Windows keeps for devices, with any extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** Windows: never in a name. A literal `%` is escaped with them, so that an escaped name can be read back. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const illegal = /[\u0000-\u001f<>:"|?*\\]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const illegalAndPercent = /[\u0000-\u001f<>:"|?*\\%]/g;

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

function windowsSpelling(name: string): string {
  let spelling = illegal.test(name) ? name.replaceAll(illegalAndPercent, percent) : name;
  const dot = spelling.indexOf('.');
  const device = dot < 0 ? spelling : spelling.slice(0, dot);
  const trimmed = device.trimEnd();
  if (reserved.test(trimmed)) {
    // A superscript digit is above ASCII; the letter before it carries the escape then.
    const at = trimmed.charCodeAt(trimmed.length - 1) < 0x80 ? trimmed.length - 1 : trimmed.length - 2;
    spelling = spelling.slice(0, at) + percent(spelling.charAt(at)) + spelling.slice(at + 1);
  }
  const last = spelling.charAt(spelling.length - 1);
  return last === '.' || last === ' ' ? spelling.slice(0, -1) + percent(last) : spelling;
}

/** How the local file system can spell `name`, siblings aside. The same name wherever that is possible. */
export function localSpelling(name: string, rules: LocalNameRules): string {
  const spelling = rules.isWindows ? windowsSpelling(name) : name;
  if (nameLength(spelling, rules.maxLength.unit) <= rules.maxLength.length) return spelling;
  const { stem, extension } = nameParts(spelling);
  return fittingName(stem, ' (~1)', extension, rules.maxLength);
}

/** How the name that the vault has for a node is spelled here: as it was agreed on, if it is that name still. */
export const spellingHere = (remote: RemoteNode, synced: SyncedNode | null, rules: LocalNameRules): string =>
  synced !== null && isSameName(synced.name, remote.name) ? synced.localName : localSpelling(remote.name, rules);

/**
 * The name on disk for a vault's name: itself where the file system and the siblings allow, else a visible variant. What
 * Windows forbids is percent-escaped; a name too long is cut and marked `(~1)`; one that a sibling has is marked `(~2)`
 * and so on. The vault keeps the true name; the synced row remembers which local one stands for it.
 */
export function localNameFor(name: string, rules: LocalNameRules, taken: (name: string) => boolean): string {
  const spelling = localSpelling(name, rules);
  if (!taken(spelling)) return spelling;
  const { stem, extension } = nameParts(rules.isWindows ? windowsSpelling(name) : name);
  for (let number = 2; ; number++) {
    const variant = fittingName(stem, ` (~${number})`, extension, rules.maxLength);
    if (!taken(variant)) return variant;
  }
}
