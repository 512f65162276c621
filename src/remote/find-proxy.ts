/**
 * Finds the proxy by which a server's origin is reached; null: directly. Asked for each new connection, since a computer that is
 * carried about changes networks. Rejects with `usage` if what is configured is no proxy that can be used.
 */
export type FindProxy = (origin: string) => Promise<URL | null>;
