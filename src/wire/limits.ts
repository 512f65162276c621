/**
 * Limits that both ends hold to; bytes unless named otherwise. Those of sealed things are those of FORMAT.md, sections 2
 * and 5. A client refuses a reply that exceeds them before it reads it; a server refuses a request likewise.
 */

const kib = 1024;
const mib = 1024 * kib;

export const maxRecordBytes = 16 * kib;
export const maxEventBytes = 4 * kib;
export const maxHeaderBytes = 512;
export const maxCiphertextBytes = mib;
export const maxGrantsBytes = mib;
export const maxCheckpointBodyBytes = kib;
export const maxCheckpointBoxBytes = 4 * mib;

/** Ids in a list of retained, released or page objects. */
export const maxListIds = 65_536;

/** A sealed piece of 4 MiB with its tag. */
export const maxObjectBytes = 4 * mib + 16;

/** Of one framed body, put or get, frame headers included: two of the largest objects, or some 2,000 of the smallest. */
export const maxBatchBytes = 8 * mib + 8 * kib;
/** Objects in one framed body. */
export const maxBatchObjects = 2048;
/** Ids in one question for objects held. */
export const maxExistsIds = 8192;

/** Of objects that travel with an entry in one append. */
export const maxAppendBytes = 8 * mib;

/** Of the entries or events in one page, as sealed bytes (JSON takes a third more). A page holds one at least. */
export const maxPageBytes = 2 * mib;
export const maxPageCount = 2000;
/** Entries that come along when a compare-and-swap is lost. */
export const maxConflictBytes = 256 * kib;

export const maxVaultsPerAccount = 1000;

/** What a JSON request may take. */
export const maxJsonRequestBytes = 256 * kib;
/** One of somebody who has no session, and whom nothing else counts than his address: sign-up is the largest. */
export const maxAnonymousJsonBytes = 64 * kib;
/** The JSON in the first frame of an append: ciphertext, grants and two lists at their largest, in base64url. */
export const maxEntryJsonBytes = 6 * mib;
/** Checkpoint box and list of pages, in base64url. */
export const maxCheckpointJsonBytes = 8 * mib;
/** What a JSON reply may take: a page that holds one entry at its largest, with lists. */
export const maxJsonReplyBytes = 8 * mib;

/** Quota counts each object as its sealed bytes and this much more, for its place in the index. */
export const objectOverheadBytes = kib;

/** A login challenge is good for this long, in milliseconds, and once. */
export const challengeLifetime = 5 * 60_000;

/** Milliseconds between two signs of life on the event stream; a client that hears none for three of them reconnects. */
export const heartbeatInterval = 20_000;
