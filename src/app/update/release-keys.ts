/** Who may release (FORMAT.md 15): a statement of an update counts if `threshold` different keys have signed it. */
export interface ReleaseKeys {
  /** Ed25519 public keys of 32 bytes, in lower-case hex, as `npm run sign-update -- --new-key FILE` prints them. */
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** Two of three. There are none yet; with fewer of them than have to sign, the app asks nobody for updates. */
export const releaseKeys: ReleaseKeys = { keys: [], threshold: 2 };

/** Whether enough different keys are known for any statement to count. */
export const canRelease = ({ keys, threshold }: ReleaseKeys): boolean =>
  threshold >= 1 && new Set(keys).size >= threshold;
