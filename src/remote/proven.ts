/**
 * For whatever connects by TLS: the other end has to prove who it is, even where `NODE_TLS_REJECT_UNAUTHORIZED` was set for another
 * program.
 */
export const proven = { rejectUnauthorized: true } as const;
