/** What the feed says of the newest version. None of it is signed. */
export interface Offer {
  readonly version: string;
  /** Addresses of its files, as the feed has them: whole, or relative to it. */
  readonly addresses: readonly string[];
}

/**
 * Looking, fetching and installing as the updater needs it of electron-updater, which needs a packaged app on macOS or Windows.
 * Nothing is fetched or installed unless it is asked for.
 */
export interface UpdatePort {
  /** The offer that is newer than what runs, or null. */
  look(): Promise<Offer | null>;
  /** Asks the feed's host, by the system's proxy settings. */
  readonly fetch: typeof fetch;
  /** Fetches what the last look found, of at most so many bytes, and says where the file is. Of several files it rejects. */
  download(limit: number): Promise<string>;
  /** Starts what installs that file, which ends the app. Resolves only if that did not happen. */
  install(): Promise<void>;
}
