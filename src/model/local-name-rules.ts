/** What the file system of a local folder can hold; probed once per root, configured in simulation. */
export interface LocalNameRules {
  readonly isCaseSensitive: boolean;
  /** False where the file system takes NFC and NFD of one name for the same (APFS, HFS+). */
  readonly isNormalizationSensitive: boolean;
  /** Longest name: 255 UTF-8 bytes on Linux; 255 UTF-16 units on Windows and macOS. */
  readonly maxLength: { readonly unit: 'utf8' | 'utf16'; readonly length: number };
  /** Windows: reserved device names, `<>:"|?*\` and control characters, no trailing dot or space. */
  readonly isWindows: boolean;
}

/** The key under which that file system takes two names for the same. */
export function localKey(name: string, rules: LocalNameRules): string {
  const normal = rules.isNormalizationSensitive ? name : name.normalize('NFC');
  return rules.isCaseSensitive ? normal : normal.toUpperCase().toLowerCase();
}
