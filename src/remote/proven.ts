/**
 * For whatever connects by TLS: who is at the other end proves it, also where `NODE_TLS_REJECT_UNAUTHORIZED` was set for another
 * program.
 */
export const proven = { rejectUnauthorized: true } as const;
