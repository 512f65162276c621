/** Mutants that change nothing that anyone could see, because something else says the same: id → what does. */
export const equivalents: Readonly<Record<string, string>> = {
  'cbor-reserved-heads': 'no length of 16 bytes is within the bounds',
  'cbor-overrun': 'the reader ends behind the end, which is missed',
  'cbor-count': 'the first item that is not there ends it',
  'cbor-head-cut': 'the reader ends behind the end, which is missed',
  'index-role': 'what is in the other table is no manifest, or no ref',
  'box-length': 'the commitment is compared in whole, and the cipher wants its tag',
  'index-box-length': 'the cipher wants its nonce and its tag',
  'field-least': 'the text of so few bytes is too short',
  'bulk-cut': 'the parser of HTTP misses what was declared',
  'objects-more': 'what was not asked for is not the id that was asked for',
  'replay-epoch-omitted': 'the epoch operation is not in its place',
  'judge-live-now': 'a revoked device has no session',
  'store-swap': 'the update of the head compares it too',
  'accounts-revoked-out': 'each request asks whether the device is live',
  'login-session-revoked': 'the sessions of a device end with it',
  'checkpoint-live': 'a revoked device has no session',
};
